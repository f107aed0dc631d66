// Reads a code package from its source: the request itself or an object in S3.

import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { Lambda } from '../context.ts';
import { couldNotUnzip, invalidParameter, objectNotRead, tooLargeUnzipped } from '../faults.ts';
import type { StoredCode } from './code-store.ts';
import { MAX_UNZIPPED_BYTES, NotAPackage, TooLargeOpened } from './refusals.ts';

/** The members of a request that name a package. */
export interface PackageInput {
  ZipFile?: Uint8Array | undefined;
  S3Bucket?: string | undefined;
  S3Key?: string | undefined;
  S3ObjectVersion?: string | undefined;
  ImageUri?: string | undefined;
}

/**
 * Stores the package and calls `record`. The package stays as long as a record refers to it. Throws
 * InvalidParameterValueException for any fault of the package or its source.
 */
export async function withPackage<T>(
  lambda: Lambda,
  scope: Scope,
  input: PackageInput,
  record: (code: StoredCode) => T,
): Promise<T> {
  const zip = await readPackage(lambda, scope, input);
  const code = await lambda.code.put(zip).catch((error) => {
    if (error instanceof TooLargeOpened) throw tooLargeUnzipped(MAX_UNZIPPED_BYTES);
    if (error instanceof NotAPackage) throw couldNotUnzip();
    throw error;
  });
  try {
    return record(code);
  } finally {
    code.release();
  }
}

async function readPackage(lambda: Lambda, scope: Scope, input: PackageInput): Promise<Buffer> {
  if (input.ImageUri)
    throw invalidParameter('Millpond does not run container images yet; provide a .zip package.');
  if (input.ZipFile) {
    if (input.ZipFile.byteLength === 0) throw invalidParameter('Uploaded file must be a non-empty zip');
    return asBuffer(input.ZipFile);
  }
  const { S3Bucket: Bucket, S3Key: Key, S3ObjectVersion: VersionId } = input;
  if (!Bucket || !Key) throw invalidParameter('Please provide a source for function code.');
  try {
    const { Body } = await lambda.s3.call(
      'GetObject',
      { Bucket, Key, ...(VersionId && { VersionId }) },
      scope,
    );
    return typeof Body === 'string' ? Buffer.from(Body) : asBuffer(Body ?? new Uint8Array());
  } catch (error) {
    if (error instanceof Fault) throw objectNotRead(error.shape, error.message);
    throw error;
  }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
