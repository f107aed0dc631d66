// S3's errors about bodies: their bytes, lengths and checksums.

import { fault } from './fault.ts';

export const entityTooLarge = (maxBytes: number) =>
  fault('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size', {
    MaxSizeAllowed: maxBytes,
  });

export const missingContentLength = () =>
  fault('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.');

export const incompleteBody = () =>
  fault(
    'IncompleteBody',
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );

export const invalidDigest = (value: string) =>
  fault('InvalidDigest', 400, 'The Content-MD5 you specified is not valid.', { 'Content-MD5': value });

/** The body does not match Content-MD5. */
export const badMd5 = (expected: string, calculated: string) =>
  fault('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.', {
    ExpectedDigest: expected,
    CalculatedDigest: calculated,
  });

/** The body does not match the stated checksum. */
export const badChecksum = (algorithm: string) =>
  fault('BadDigest', 400, `The ${algorithm} you specified did not match the calculated checksum.`);

export const malformedChecksum = (header: string) =>
  fault('InvalidRequest', 400, `Value for ${header} header is invalid.`);

export const severalChecksums = () =>
  fault(
    'InvalidRequest',
    400,
    'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
  );

/** An algorithm that Millpond does not support. */
export const checksumNotImplemented = () =>
  fault(
    'NotImplemented',
    501,
    'A header you provided implies functionality that is not implemented: the checksums are CRC32, CRC32C, CRC64NVME, SHA1 and SHA256.',
  );
