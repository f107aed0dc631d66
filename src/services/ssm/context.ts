// The context that every operation of SSM receives. service.ts builds it once.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import type { Records } from './records.ts';
import type { SecureStringCipher } from './secure-string-cipher.ts';

/** The context of SSM's operations. */
export interface Ssm {
  store: Store;
  clock: Clock;
  records: Records;
  /** Encrypts and decrypts values of type SecureString. */
  cipher: SecureStringCipher;
}
