// Encodes an X.509 certificate (RFC 5280), signed with ECDSA and SHA-256. The caller decides contents and validity.
// Loaded only when a certificate has to be created.

import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import {
  type BaseBlock,
  BitString,
  Constructed,
  Boolean as DerBoolean,
  Set as DerSet,
  fromBER,
  GeneralizedTime,
  Integer,
  ObjectIdentifier,
  OctetString,
  Primitive,
  Sequence,
  UTCTime,
  Utf8String,
} from 'asn1js';

/** The signed fields of a certificate. */
export interface CertificateContents {
  /** Up to 20 bytes, the first one from 1 to 127. */
  serial: Uint8Array;
  issuer: Name;
  subject: Name;
  notBefore: Date;
  notAfter: Date;
  publicKey: KeyObject;
  extensions: readonly Extension[];
}

/** A distinguished name. */
export interface Name {
  organization: string;
  commonName: string;
}

/** A certificate extension; `id` is its object identifier. */
export interface Extension {
  id: string;
  isCritical: boolean;
  value: BaseBlock;
}

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const ORGANIZATION = '2.5.4.10';
const COMMON_NAME = '2.5.4.3';
const VERSION_3 = 2;

/** Encodes and signs a certificate; returns PEM. `issuerKey` is a P-256 key in PEM. */
export function encodeCertificate(contents: CertificateContents, issuerKey: string): string {
  const signed = new Sequence({
    value: [
      tagged(0, [new Integer({ value: VERSION_3 })]),
      new Integer({ valueHex: contents.serial }),
      algorithm(),
      nameOf(contents.issuer),
      new Sequence({ value: [timeOf(contents.notBefore), timeOf(contents.notAfter)] }),
      nameOf(contents.subject),
      fromBER(contents.publicKey.export({ type: 'spki', format: 'der' })).result,
      tagged(3, [new Sequence({ value: contents.extensions.map(extensionOf) })]),
    ],
  });
  const signature = sign('sha256', Buffer.from(signed.toBER()), createPrivateKey(issuerKey));
  const certificate = new Sequence({
    value: [signed, algorithm(), new BitString({ valueHex: bytesOf(signature) })],
  });
  const lines = Buffer.from(certificate.toBER())
    .toString('base64')
    .match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** An explicit context-specific tag around other values. */
export const tagged = (tagNumber: number, value: BaseBlock[]): BaseBlock =>
  new Constructed({ idBlock: { tagClass: 3, tagNumber }, value });

/** An implicit context-specific tag, which replaces the value's own. */
export const implicit = (tagNumber: number, value: Uint8Array): BaseBlock =>
  new Primitive({ idBlock: { tagClass: 3, tagNumber }, valueHex: value });

const algorithm = () => new Sequence({ value: [new ObjectIdentifier({ value: ECDSA_WITH_SHA256 })] });

const nameOf = ({ organization, commonName }: Name) =>
  new Sequence({ value: [attribute(ORGANIZATION, organization), attribute(COMMON_NAME, commonName)] });

const attribute = (id: string, value: string) =>
  new DerSet({
    value: [new Sequence({ value: [new ObjectIdentifier({ value: id }), new Utf8String({ value })] })],
  });

/** RFC 5280, 4.1.2.5: UTCTime through the year 2049, GeneralizedTime after that. */
const timeOf = (date: Date) =>
  date.getUTCFullYear() < 2050 ? new UTCTime({ valueDate: date }) : new GeneralizedTime({ valueDate: date });

const extensionOf = ({ id, isCritical, value }: Extension) =>
  new Sequence({
    value: [
      new ObjectIdentifier({ value: id }),
      ...(isCritical ? [new DerBoolean({ value: true })] : []),
      new OctetString({ valueHex: value.toBER() }),
    ],
  });

/** A copy, because a Buffer may be a view of a larger ArrayBuffer. */
const bytesOf = (buffer: Buffer): ArrayBuffer => new Uint8Array(buffer).buffer;
