// IAM: roles, policies, instance profiles, users and groups are recorded and returned. Nothing is enforced: whoever
// reaches Millpond may do everything.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { Iam } from './context.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';

export const createIam = ({ store, clock }: { store: Store; clock: Clock }): Service =>
  defineService<Sdk, Iam>('iam', { store, clock, records: openRecords(store) }, operations, { constraints });
