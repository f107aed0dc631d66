// SSM, of which Millpond has the Parameter Store: values under names, with versions, labels and secrets, and AWS's
// public parameters for machine images. No documents, no sessions, no agents.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { Ssm } from './context.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';
import { createSeal } from './seal.ts';

/** `secret` is the instance's; SecureStrings are unreadable without it. */
export function createSsm({ store, clock, secret }: { store: Store; clock: Clock; secret: string }): Service {
  const ssm: Ssm = { store, clock, records: openRecords(store), seal: createSeal(secret) };
  return defineService<Sdk, Ssm>('ssm', ssm, operations, { constraints });
}
