// SSM, of which Millpond has Parameter Store: values with names, versions, labels and encryption, and AWS's public
// parameters for machine images; and Session Manager: shells in instances. It has no documents of its own.

import type { Clock } from '../../kernel/clock.ts';
import { randomHex } from '../../kernel/ids.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import type { Part } from '../manifest.ts';
import { constraints } from './constraints.ts';
import type { Ssm } from './context.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';
import { createSecureStringCipher } from './secure-string-cipher.ts';
import { Sessions } from './sessions/sessions.ts';

/** What SSM needs. Without the others it has no instances. */
export type SsmDependencies = { store: Store; clock: Clock; secret: string } & Partial<
  Pick<Ssm, 'ec2' | 'instances' | 'url'>
>;

/** `secret` is the instance's. SecureStrings cannot be decrypted without it. */
export function createSsm(dependencies: SsmDependencies): Service {
  return openSsm(dependencies).service;
}

/** The service, and what ends with it. */
export function openSsm({ store, clock, secret, ...others }: SsmDependencies): Part {
  const sessions = new Sessions(clock);
  const ssm: Ssm = {
    ...{ store, clock, records: openRecords(store), cipher: createSecureStringCipher(secret), sessions },
    ...{ ec2: { call: noEc2 }, instances: async () => ({ running: () => undefined }), url: () => '' },
    newToken: () => randomHex(64),
    ...others,
  };
  return {
    service: defineService<Sdk, Ssm>('ssm', ssm, operations, { constraints }),
    upgrade: (request, socket, head) => sessions.upgrade(request, socket, head),
    stop: async () => sessions.stop(),
  };
}

/** Knows no instances. */
const noEc2 = (async () => ({})) as unknown as Ssm['ec2']['call'];
