// Creates a certificate authority that is limited to AWS's host names, and the server certificate that it signs.
// material.ts stores them and decides when new ones are due. Loaded only when a certificate has to be created.

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import {
  type BaseBlock,
  BitString,
  Boolean as DerBoolean,
  Integer,
  ObjectIdentifier,
  OctetString,
  Sequence,
} from 'asn1js';
import { type Extension, encodeCertificate, implicit, type Name, tagged } from './certificate.ts';

/** Both in PEM. */
export interface KeyAndCertificate {
  key: string;
  certificate: string;
}

const ORGANIZATION = 'Millpond';
const AUTHORITY_DAYS = 20 * 365;
/** macOS refuses server certificates that are valid for more than 825 days. */
const SERVER_DAYS = 800;
const DAY_MS = 86_400_000;
/** Certificates are valid from a day earlier, for hosts whose clock is behind. */
const EARLIER_MS = DAY_MS;

/** The authority may only sign names below these. */
const PERMITTED = ['amazonaws.com', 'amazonaws.com.cn'];
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/**
 * Creates a self-signed authority, valid from `now` (milliseconds since the epoch). The random common name
 * distinguishes the authorities of several instances in one bundle.
 */
export function makeAuthority(now: number): KeyAndCertificate {
  const pair = newKeyPair();
  const name = {
    organization: ORGANIZATION,
    commonName: `Millpond local authority ${randomBytes(4).toString('hex')}`,
  };
  const certificate = encodeCertificate(
    {
      ...{ serial: newSerial(), issuer: name, subject: name, publicKey: pair.publicKey },
      ...validity(now, AUTHORITY_DAYS),
      extensions: [
        extension('2.5.29.19', [new DerBoolean({ value: true }), new Integer({ value: 0 })], true),
        // keyCertSign, cRLSign
        { id: '2.5.29.15', isCritical: true, value: bits(0b0000_0110, 1) },
        { id: '2.5.29.14', isCritical: false, value: new OctetString({ valueHex: idOf(pair.publicKey) }) },
        nameConstraints(),
      ],
    },
    pair.key,
  );
  return { key: pair.key, certificate };
}

/** Issues a server certificate. `names` may be wildcards; each must be below a permitted domain of the authority. */
export function issueServerCertificate(
  authority: KeyAndCertificate,
  names: readonly string[],
  now: number,
): KeyAndCertificate {
  const pair = newKeyPair();
  const issuer = new X509Certificate(authority.certificate);
  const certificate = encodeCertificate(
    {
      ...{ serial: newSerial(), issuer: nameIn(issuer.subject), publicKey: pair.publicKey },
      subject: { organization: ORGANIZATION, commonName: 'Millpond' },
      ...validity(now, SERVER_DAYS),
      extensions: [
        extension('2.5.29.19', [], true),
        // digitalSignature
        { id: '2.5.29.15', isCritical: true, value: bits(0b1000_0000, 7) },
        // serverAuth
        extension('2.5.29.37', [new ObjectIdentifier({ value: '1.3.6.1.5.5.7.3.1' })]),
        { id: '2.5.29.14', isCritical: false, value: new OctetString({ valueHex: idOf(pair.publicKey) }) },
        extension('2.5.29.35', [implicit(0, idOf(issuer.publicKey))]),
        extension(
          '2.5.29.17',
          names.map((name) => implicit(DNS_NAME, Buffer.from(name, 'latin1'))),
        ),
      ],
    },
    authority.key,
  );
  return { key: pair.key, certificate };
}

/** Parses the subject of a certificate that this file created. */
const nameIn = (subject: string): Name => ({
  organization: /^O=(.*)$/m.exec(subject)?.[1] ?? ORGANIZATION,
  commonName: /^CN=(.*)$/m.exec(subject)?.[1] ?? '',
});

function newKeyPair() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { publicKey, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
}

const validity = (now: number, days: number) => ({
  notBefore: new Date(now - EARLIER_MS),
  notAfter: new Date(now + days * DAY_MS),
});

function newSerial(): Uint8Array {
  const serial = new Uint8Array(randomBytes(16));
  // Positive, and without leading zeros.
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  return serial;
}

/** RFC 5280, 4.2.1.2: the SHA-1 hash of the public key without its algorithm. */
function idOf(publicKey: KeyObject): Uint8Array {
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-65);
  return new Uint8Array(createHash('sha1').update(point).digest());
}

const extension = (id: string, value: BaseBlock[], isCritical = false): Extension => ({
  id,
  isCritical,
  value: new Sequence({ value }),
});

const bits = (byte: number, unusedBits: number) =>
  new BitString({ valueHex: new Uint8Array([byte]), unusedBits });

/** Permits only names below the given domains and no IP address, which would be unrestricted otherwise. */
function nameConstraints(): Extension {
  const permitted = PERMITTED.map(
    (domain) => new Sequence({ value: [implicit(DNS_NAME, Buffer.from(domain))] }),
  );
  const excluded = [8, 32].map(
    (length) => new Sequence({ value: [implicit(IP_ADDRESS, new Uint8Array(length))] }),
  );
  return extension('2.5.29.30', [tagged(0, permitted), tagged(1, excluded)], true);
}
