// Encrypts SecureStrings at rest with AES-256-GCM. The key is derived from the instance's secret, so the database
// alone does not reveal them. A ciphertext is bound to its parameter and cannot be decrypted as another's.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts and decrypts text. `place` is additional authenticated data: it is not part of the ciphertext. */
export interface SecureStringCipher {
  /** Returns nonce, tag and ciphertext in Base64. */
  encrypt(plain: string, place: string): string;
  /** Throws if the text was encrypted with another secret or for another place. */
  decrypt(encrypted: string, place: string): string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `secret`: the instance's. */
export function createSecureStringCipher(secret: string): SecureStringCipher {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'ssm/secure-string', 32));
  return {
    encrypt(plain, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    decrypt(encrypted, place) {
      const bytes = Buffer.from(encrypted, 'base64');
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place)).setAuthTag(tag);
      return (
        decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      );
    },
  };
}
