// SSM, of which Millpond has Parameter Store: values with names, versions, labels and encryption, and AWS's public
// parameters for machine images. It has no documents, sessions or agents.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { Ssm } from './context.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';
import { createSecureStringCipher } from './secure-string-cipher.ts';

/** `secret` is the instance's. SecureStrings cannot be decrypted without it. */
export function createSsm({ store, clock, secret }: { store: Store; clock: Clock; secret: string }): Service {
  const ssm: Ssm = { store, clock, records: openRecords(store), cipher: createSecureStringCipher(secret) };
  return defineService<Sdk, Ssm>('ssm', ssm, operations, { constraints });
}
