// The errors of the registry's API: the codes of the OCI distribution specification, and what ECR's faults become there.

import { OperationalError } from '../../../kernel/errors.ts';
import { Fault } from '../../../wire/fault.ts';
import { TooLarge, WrongOffset } from '../uploads.ts';

/** An error of the registry's API. */
export class RegistryError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** AWS: the text of an expired token is known from public reports; the others are own. */
export const tokenExpired = (): RegistryError =>
  new RegistryError(403, 'DENIED', 'Your authorization token has expired. Reauthenticate and try again.');

/** `realm` is the registry's address. */
export const unauthorized = (realm: string): RegistryError =>
  new RegistryError(401, 'UNAUTHORIZED', 'Log in with the token of GetAuthorizationToken.', {
    'www-authenticate': `Basic realm="${realm}",service="ecr.amazonaws.com"`,
  });

export const notFound = (): RegistryError =>
  new RegistryError(404, 'NOT_FOUND', 'There is nothing at this path.');

export const methodNotAllowed = (allowed: readonly string[]): RegistryError =>
  new RegistryError(405, 'UNSUPPORTED', 'This method is not supported here.', { allow: allowed.join(', ') });

export const nameInvalid = (): RegistryError =>
  new RegistryError(400, 'NAME_INVALID', 'The name of the repository is not valid.');

export const blobUnknown = (digest: string): RegistryError =>
  new RegistryError(404, 'BLOB_UNKNOWN', `The repository has no layer ${digest}.`);

export const blobInUse = (digest: string): RegistryError =>
  new RegistryError(405, 'UNSUPPORTED', `An image refers to the layer ${digest}.`);

export const uploadUnknown = (): RegistryError =>
  new RegistryError(404, 'BLOB_UPLOAD_UNKNOWN', 'The repository has no such upload.');

export const uploadInvalid = (message: string): RegistryError =>
  new RegistryError(400, 'BLOB_UPLOAD_INVALID', message);

export const digestInvalid = (message: string): RegistryError =>
  new RegistryError(400, 'DIGEST_INVALID', message);

/** AWS: public reports. */
export const manifestUnknown = (reference: string): RegistryError =>
  new RegistryError(404, 'MANIFEST_UNKNOWN', `Requested image not found: ${reference}`);

export const manifestTooLarge = (most: number): RegistryError =>
  new RegistryError(413, 'SIZE_INVALID', `A manifest may have at most ${most} bytes.`);

export const tagInvalid = (): RegistryError => new RegistryError(400, 'TAG_INVALID', 'The tag is not valid.');

export const rangeInvalid = (size: number): RegistryError =>
  new RegistryError(416, 'RANGE_INVALID', 'The range is outside of the layer.', {
    'content-range': `bytes */${size}`,
  });

export const pageInvalid = (): RegistryError =>
  new RegistryError(400, 'PAGINATION_NUMBER_INVALID', 'n must be a positive number.');

/** The status and code of ECR's faults. */
const OF_FAULTS: Readonly<Record<string, readonly [status: number, code: string]>> = {
  RepositoryNotFoundException: [404, 'NAME_UNKNOWN'],
  LayersNotFoundException: [404, 'MANIFEST_BLOB_UNKNOWN'],
  ReferencedImagesNotFoundException: [404, 'MANIFEST_BLOB_UNKNOWN'],
  ImageTagAlreadyExistsException: [400, 'TAG_INVALID'],
  InvalidParameterException: [400, 'MANIFEST_INVALID'],
  LimitExceededException: [403, 'DENIED'],
  ServerException: [429, 'TOOMANYREQUESTS'],
};

/** `undefined` for an error that is none of the client's or the machine's: a bug. */
export function registryErrorOf(error: unknown): RegistryError | undefined {
  if (error instanceof RegistryError) return error;
  if (error instanceof WrongOffset) {
    return new RegistryError(416, 'BLOB_UPLOAD_INVALID', `The next chunk must begin at byte ${error.size}.`, {
      range: rangeTo(error.size),
    });
  }
  if (error instanceof TooLarge) return new RegistryError(413, 'SIZE_INVALID', 'The layer is too large.');
  if (error instanceof OperationalError) return new RegistryError(503, 'UNAVAILABLE', error.message);
  const known = error instanceof Fault ? OF_FAULTS[error.shape] : undefined;
  return known && new RegistryError(...known, (error as Fault).message);
}

/** The value of a Range header for what was received: `0-1023`. */
export const rangeTo = (size: number): string => `0-${Math.max(size - 1, 0)}`;
