// Private keys as CreateKeyPair returns them, in the formats that ssh reads. Pure, except for OpenSSH's random check
// number.

import { type KeyObject, randomBytes } from 'node:crypto';
import { fieldsJoined, type PublicKey, wireOf } from './public-keys.ts';

const LINE = /.{1,70}/g;
const BLOCK_BYTES = 8;

/** AWS: RSA keys as `-----BEGIN RSA PRIVATE KEY-----` (PKCS #1), others in OpenSSH's own format. */
export const privateKeyText = (key: KeyObject, ofPublic: PublicKey): string =>
  ofPublic.type === 'rsa'
    ? String(key.export({ format: 'pem', type: 'pkcs1' }))
    : openSshText(key, wireOf(ofPublic));

/** Source: PROTOCOL.key in OpenSSH's sources. Without a passphrase. */
function openSshText(key: KeyObject, publicWire: Buffer): string {
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  const [secret, open] = [d, x].map((part) => Buffer.from(part, 'base64url'));
  const check = randomBytes(4);
  const fields = fieldsJoined('ssh-ed25519', open!, Buffer.concat([secret!, open!]), Buffer.alloc(0));
  const unpadded = Buffer.concat([check, check, fields]);
  const missing = (BLOCK_BYTES - (unpadded.length % BLOCK_BYTES)) % BLOCK_BYTES;
  const padding = Buffer.from(Array.from({ length: missing }, (_, index) => index + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const bytes = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    fieldsJoined('none', Buffer.from('none'), Buffer.alloc(0)),
    one,
    fieldsJoined(publicWire, Buffer.concat([unpadded, padding])),
  ]);
  const lines = bytes.toString('base64').match(LINE)!.join('\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
}
