// Session tokens of the instance metadata service. A token contains its end, and is signed: it stays valid when Millpond
// starts again. Pure.

import { createHmac, timingSafeEqual } from 'node:crypto';

/** AWS: seconds. */
export const LONGEST_TTL = 21_600;

const END_BYTES = 6;
/** AWS: a token is 56 characters of Base64. */
const TOKEN_BYTES = 40;

/** Issues and checks tokens. */
export interface MetadataTokens {
  /** `endsAt` in milliseconds since the epoch. */
  issue(instanceId: string, endsAt: number): string;
  /** Whether the token is the instance's and has not ended. */
  isValid(instanceId: string, token: string, now: number): boolean;
}

/** Derives the key from the secret of this Millpond. */
export function metadataTokens(secret: string): MetadataTokens {
  const signed = (instanceId: string, end: Buffer): Buffer => {
    const signature = createHmac('sha512', `ec2-metadata ${secret}`).update(instanceId).update(end).digest();
    return Buffer.concat([end, signature.subarray(0, TOKEN_BYTES - END_BYTES)]);
  };
  return {
    issue(instanceId, endsAt) {
      const end = Buffer.alloc(END_BYTES);
      end.writeUIntBE(Math.floor(endsAt), 0, END_BYTES);
      return signed(instanceId, end).toString('base64');
    },
    isValid(instanceId, token, now) {
      const bytes = Buffer.from(token, 'base64');
      if (bytes.length !== TOKEN_BYTES) return false;
      const end = bytes.subarray(0, END_BYTES);
      return timingSafeEqual(bytes, signed(instanceId, end)) && end.readUIntBE(0, END_BYTES) > now;
    },
  };
}
