// The cookies of sticky sessions: which target a client is bound to, encrypted.
//
// AWS: docs.aws.amazon.com/elasticloadbalancing/latest/application/sticky-sessions.html

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NAME = 'AWSALB';
/** AWS: the same cookie for requests from other sites. */
const NAME_ACROSS_SITES = 'AWSALBCORS';
/** Longer values are not ours. */
const MOST_VALUE_LENGTH = 1_024;

/** What a cookie says. Times are in milliseconds since the epoch. */
interface Binding {
  targetGroupArn: string;
  target: string;
  until: number;
}

/** Makes and reads cookies with a key of 32 bytes. */
export class StickyCookies {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** The values of the two Set-Cookie headers. */
  make(targetGroupArn: string, target: string, seconds: number, isSecure: boolean, now: number): string[] {
    const until = now + seconds * 1_000;
    const value = this.#encrypt({ targetGroupArn, target, until });
    const attributes = `Expires=${new Date(until).toUTCString()}; Path=/`;
    return [
      `${NAME}=${value}; ${attributes}`,
      `${NAME_ACROSS_SITES}=${value}; ${attributes}; SameSite=None${isSecure ? '; Secure' : ''}`,
    ];
  }

  /** The target of the group that the request's cookies name; undefined without a valid cookie. */
  read(headers: readonly string[], targetGroupArn: string, now: number): string | undefined {
    for (let index = 0; index < headers.length; index += 2) {
      if (headers[index]!.toLowerCase() !== 'cookie') continue;
      for (const cookie of headers[index + 1]!.split(';')) {
        const [name, value] = splitOnce(cookie.trim());
        if (name !== NAME && name !== NAME_ACROSS_SITES) continue;
        const binding = this.#decrypt(value);
        if (binding?.targetGroupArn === targetGroupArn && binding.until > now) return binding.target;
      }
    }
    return undefined;
  }

  #encrypt(binding: Binding): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce);
    const text = Buffer.concat([cipher.update(JSON.stringify(binding)), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64');
  }

  #decrypt(value: string): Binding | undefined {
    if (value.length > MOST_VALUE_LENGTH) return undefined;
    const bytes = Buffer.from(value, 'base64');
    if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined;
    try {
      const cipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, NONCE_BYTES));
      cipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const text = Buffer.concat([cipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), cipher.final()]);
      return JSON.parse(text.toString()) as Binding;
    } catch {
      // Another key's, or changed.
      return undefined;
    }
  }
}

function splitOnce(text: string): [string, string] {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}
