// IAM records and returns roles, policies, instance profiles, users and groups. It enforces nothing: every client may
// do everything.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { Iam } from './context.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';

/** Builds IAM over the store. */
export const createIam = ({ store, clock }: { store: Store; clock: Clock }): Service =>
  defineService<Sdk, Iam>('iam', { store, clock, records: openRecords(store) }, operations, { constraints });
