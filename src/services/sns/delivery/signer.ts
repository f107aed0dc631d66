// Signs messages as SNS does, with a key of Millpond's own, and serves the certificate that verifies them. The key is
// generated when the first message is sent.

import {
  createHash,
  createPrivateKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import type { Clock } from '../../../kernel/clock.ts';
import type { Signed } from '../domain/envelope.ts';
import type { Records, SigningKey } from '../records.ts';
import { selfSigned } from './certificate.ts';

/** Signs messages and serves the certificate. */
export interface Signer {
  /** `version` is the topic's SignatureVersion: `1` signs with SHA-1, `2` with SHA-256. */
  sign(text: string, version: string | undefined): Promise<Signed & { certificatePath: string }>;
  /** Answers a request for the certificate; returns false for any other request. */
  serveCertificate(request: IncomingMessage, response: ServerResponse): boolean;
}

const SCOPE = { accountId: '', region: '' };
const ID = 'key';
const DAY_MS = 24 * 60 * 60 * 1000;
const PATH = /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/;
const generate = promisify(generateKeyPair);
const signWith = promisify(sign) as (algorithm: string, data: Uint8Array, key: KeyObject) => Promise<Buffer>;

/** The key is stored in `records`, so that certificates stay valid across restarts. */
export function createSigner(records: Records, clock: Clock): Signer {
  let loaded: Promise<{ key: KeyObject; certificatePath: string }> | undefined;

  async function loadKey(): Promise<SigningKey> {
    const kept = records.signingKeys.get(SCOPE, ID);
    if (kept) return kept;
    const { privateKey } = await generate('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const certificate = selfSigned({
      privateKey,
      commonName: 'sns.amazonaws.com',
      from: clock.now() - DAY_MS,
      until: clock.now() + 20 * 365 * DAY_MS,
      serial: randomBytes(16),
    });
    const key = { privateKey, certificate };
    records.signingKeys.put(SCOPE, ID, key);
    return key;
  }

  const pathOf = ({ certificate }: SigningKey) =>
    `/SimpleNotificationService-${createHash('sha256').update(certificate).digest('hex').slice(0, 32)}.pem`;

  return {
    async sign(text, version = '1') {
      loaded ??= loadKey()
        .then((kept) => ({ key: createPrivateKey(kept.privateKey), certificatePath: pathOf(kept) }))
        .catch((error: unknown) => {
          loaded = undefined;
          throw error;
        });
      const { key, certificatePath } = await loaded;
      const algorithm = version === '2' ? 'RSA-SHA256' : 'RSA-SHA1';
      const signature = await signWith(algorithm, Buffer.from(text), key);
      return { version, signature: signature.toString('base64'), certificatePath };
    },
    serveCertificate(request, response) {
      const path = (request.url ?? '').split('?', 1)[0]!;
      if (request.method !== 'GET' || !PATH.test(path)) return false;
      const key = records.signingKeys.get(SCOPE, ID);
      if (key && pathOf(key) === path) {
        response.writeHead(200, { 'content-type': 'application/x-pem-file' }).end(key.certificate);
      } else {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such certificate.\n');
      }
      return true;
    },
  };
}
