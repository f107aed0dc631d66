// Public SSH keys as ImportKeyPair accepts them, and the fingerprints that EC2 shows. Pure.

import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/** AWS's types of key pairs. */
export type KeyType = 'rsa' | 'ed25519';

/** A parsed public key. */
export interface PublicKey {
  type: KeyType;
  /** OpenSSH's format without a comment: `ssh-rsa AAAA…`. */
  text: string;
  fingerprint: string;
}

/** Bits. AWS: its guide lists these lengths. */
const RSA_LENGTHS = [1024, 2048, 3072, 4096];
const ED25519_BYTES = 32;
const LONGEST = 16_384;

/** Accepts OpenSSH's format and the block of RFC 4716. `undefined` if it is not a key that EC2 accepts. */
export function readPublicKey(material: Uint8Array): PublicKey | undefined {
  if (material.length > LONGEST) return undefined;
  const text = Buffer.from(material).toString('utf8').trim();
  const encoded = text.startsWith('----') ? ofBlock(text) : ofLine(text);
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '')) return undefined;
  const [name, first, second] = fieldsOf(bytes) ?? [];
  switch (name?.toString('latin1')) {
    case 'ssh-rsa':
      return first && second ? rsaKey(bytes, first, second) : undefined;
    case 'ssh-ed25519':
      return first?.length === ED25519_BYTES && !second ? ed25519Key(bytes) : undefined;
    default:
      return undefined;
  }
}

/** The public key of a generated key pair. */
export function publicKeyOf(key: KeyObject): PublicKey {
  const { kty, n = '', e = '', x = '' } = key.export({ format: 'jwk' });
  if (kty === 'OKP') return ed25519Key(fieldsJoined('ssh-ed25519', Buffer.from(x, 'base64url')));
  const [exponent, modulus] = [e, n].map((part) => unsigned(Buffer.from(part, 'base64url')));
  return rsaKey(fieldsJoined('ssh-rsa', exponent!, modulus!), exponent!, modulus!)!;
}

/**
 * AWS: the fingerprint of a generated RSA key is a digest of the private key, that of any other key one of the public
 * key.
 */
export const fingerprintOfMade = (privateKey: KeyObject, { type, fingerprint }: PublicKey): string =>
  type === 'rsa' ? inPairs('sha1', privateKey.export({ format: 'der', type: 'pkcs8' })) : fingerprint;

const ofLine = (text: string): string | undefined =>
  /^(?:ssh-rsa|ssh-ed25519)[ \t]+([A-Za-z0-9+/]+=*)(?:[ \t][^\n]*)?$/.exec(text)?.[1];

function ofBlock(text: string): string | undefined {
  const lines = text.split(/\r?\n/);
  if (lines[0] !== '---- BEGIN SSH2 PUBLIC KEY ----' || lines.at(-1) !== '---- END SSH2 PUBLIC KEY ----')
    return undefined;
  // Headers contain a colon, and end in a backslash if they continue on the next line.
  const content = lines.slice(1, -1).filter((line, index, all) => {
    const continues = index > 0 && all[index - 1]!.endsWith('\\');
    return !line.includes(':') && !continues;
  });
  const encoded = content.join('');
  return /^[A-Za-z0-9+/]+=*$/.test(encoded) ? encoded : undefined;
}

function rsaKey(bytes: Buffer, exponent: Buffer, modulus: Buffer): PublicKey | undefined {
  const [n, e] = [modulus, exponent].map(withoutZeros);
  if (!RSA_LENGTHS.includes(n!.length * 8)) return undefined;
  const jwk = { kty: 'RSA', n: n!.toString('base64url'), e: e!.toString('base64url') };
  const spki = createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' });
  return { type: 'rsa', text: `ssh-rsa ${bytes.toString('base64')}`, fingerprint: inPairs('md5', spki) };
}

const ed25519Key = (bytes: Buffer): PublicKey => ({
  type: 'ed25519',
  text: `ssh-ed25519 ${bytes.toString('base64')}`,
  fingerprint: createHash('sha256').update(bytes).digest('base64'),
});

const inPairs = (digest: string, bytes: Buffer): string =>
  createHash(digest).update(bytes).digest('hex').match(/../g)!.join(':');

/** RFC 4251: each field follows its length. `undefined` if a length is wrong. */
function fieldsOf(bytes: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

/** The bytes of a public key: what its text has as base64. */
export const wireOf = ({ text }: PublicKey): Buffer => Buffer.from(text.split(' ')[1]!, 'base64');

/** RFC 4251: each field after its length. */
export function fieldsJoined(name: string | Buffer, ...fields: Buffer[]): Buffer {
  const parts = [Buffer.from(name as Buffer), ...fields].flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    return [length, field];
  });
  return Buffer.concat(parts);
}

/** RFC 4251: a number whose first bit is set gets a leading zero byte, since it would be negative otherwise. */
const unsigned = (bytes: Buffer): Buffer =>
  bytes[0]! >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;

function withoutZeros(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(first < 0 ? bytes.length : first);
}
