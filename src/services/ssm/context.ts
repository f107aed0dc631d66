// The context that every operation of SSM receives. service.ts builds it once.

import type { Clock } from '../../kernel/clock.ts';
import type { Instances } from '../../machines/instances/instances.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import type { Records } from './records.ts';
import type { SecureStringCipher } from './secure-string-cipher.ts';
import type { Sessions } from './sessions/sessions.ts';

/** The context of SSM's operations. */
export interface Ssm {
  store: Store;
  clock: Clock;
  records: Records;
  /** Encrypts and decrypts values of type SecureString. */
  cipher: SecureStringCipher;
  /** EC2, which knows the instances. */
  ec2: Client<typeof import('@aws-sdk/client-ec2')>;
  /** The machines of instances. */
  instances(): Promise<Pick<Instances, 'running'>>;
  sessions: Sessions;
  newToken(): string;
  /** The API's URL on this host. */
  url(): string;
}
