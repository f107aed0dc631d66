// S3's errors about multipart uploads.

import { fault } from './fault.ts';

export const noSuchUpload = (uploadId: string) =>
  fault(
    'NoSuchUpload',
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: uploadId },
  );

export const invalidPart = (partNumber: number, etag: string | undefined, uploadId: string) =>
  fault(
    'InvalidPart',
    400,
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: uploadId, PartNumber: partNumber, ...(etag === undefined ? {} : { ETag: etag }) },
  );

export const invalidPartOrder = (uploadId: string) =>
  fault(
    'InvalidPartOrder',
    400,
    'The list of parts was not in ascending order. Parts must be ordered by part number.',
    { UploadId: uploadId },
  );

export const entityTooSmall = (part: { partNumber: number; size: number; etag: string; minSize: number }) =>
  fault('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size', {
    ProposedSize: part.size,
    MinSizeAllowed: part.minSize,
    PartNumber: part.partNumber,
    ETag: part.etag,
  });

export const partChecksumMissing = (algorithm: string, partNumber: number) =>
  fault(
    'InvalidRequest',
    400,
    `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${partNumber} in the request.`,
  );

export const checksumModeMismatch = (mode: string) =>
  fault(
    'InvalidRequest',
    400,
    `The upload was created using the ${mode} checksum mode. The complete request must use the same checksum mode.`,
  );

export const checksumTypeMismatch = (expected: string, actual: string) =>
  fault(
    'InvalidRequest',
    400,
    `Checksum Type mismatch occurred, expected checksum Type: ${expected.toLowerCase()}, actual checksum Type: ${actual.toLowerCase()}`,
  );
