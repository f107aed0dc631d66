// Makes the self-signed X.509 certificate that verifies message signatures, with the few DER encodings that it needs.

import { createPublicKey, sign } from 'node:crypto';

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const SEQUENCE = 0x30;
const SET = 0x31;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const VERSION = 0xa0;
const NULL = Buffer.from([0x05, 0x00]);
/** Object identifiers in DER. */
const SHA256_WITH_RSA = Buffer.from('06092a864886f70d01010b', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const bytes =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), content]);
}

const time = (at: number) =>
  der(GENERALIZED_TIME, Buffer.from(`${new Date(at).toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`));

const bits = (content: Uint8Array) => der(BIT_STRING, Buffer.from([0]), content);

/** What goes into a certificate. */
export interface CertificateRequest {
  /** PEM. */
  privateKey: string;
  commonName: string;
  /** Milliseconds since the epoch. */
  from: number;
  until: number;
  /** At least one byte. */
  serial: Uint8Array;
}

/** PEM. */
export function selfSigned({ privateKey, commonName, from, until, serial }: CertificateRequest): string {
  const algorithm = der(SEQUENCE, SHA256_WITH_RSA, NULL);
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, Buffer.from(commonName)))));
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const content = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    // The leading zero byte keeps the number positive.
    der(INTEGER, Buffer.from([0, 0x80 | (serial[0] ?? 0), ...serial.subarray(1)])),
    algorithm,
    name,
    der(SEQUENCE, time(from), time(until)),
    name,
    publicKey,
  );
  const certificate = der(SEQUENCE, content, algorithm, bits(sign('sha256', content, privateKey)));
  const lines = certificate.toString('base64').match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
