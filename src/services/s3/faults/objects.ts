// S3's errors about objects, their versions and locks.

import { fault } from './fault.ts';
import { invalidRequest } from './requests.ts';

export const invalidLockRequest = () => invalidRequest('Bucket is missing Object Lock Configuration');

export const lockedByObjectLock = () =>
  fault('AccessDenied', 403, 'Access Denied because object protected by object lock.');

export const noSuchLock = () =>
  fault(
    'NoSuchObjectLockConfiguration',
    404,
    'The specified object does not have a ObjectLock configuration',
  );

export const noSuchKey = (key: string, headers: Record<string, string> = {}) =>
  fault('NoSuchKey', 404, 'The specified key does not exist.', { Key: key }, headers);

export const noSuchVersion = (key: string, versionId: string) =>
  fault('NoSuchVersion', 404, 'The specified version does not exist.', { Key: key, VersionId: versionId });

export const invalidVersionId = (versionId: string) =>
  fault('InvalidArgument', 400, 'Invalid version id specified', {
    ArgumentName: 'versionId',
    ArgumentValue: versionId,
  });

export const emptyVersionId = () =>
  fault('InvalidArgument', 400, 'Version id cannot be the empty string', {
    ArgumentName: 'versionId',
    ArgumentValue: '',
  });

/** The request names a delete marker. AWS: the header `allow` names the only method that it accepts. */
export const isDeleteMarker = (method: string, headers: Record<string, string>) =>
  fault(
    'MethodNotAllowed',
    405,
    'The specified method is not allowed against this resource.',
    { Method: method, ResourceType: 'DeleteMarker' },
    { allow: 'DELETE', ...headers },
  );

export const userKeyMustBeSpecified = () =>
  fault('UserKeyMustBeSpecified', 400, 'The bucket POST must contain the specified field name.');

export const keyTooLong = (bytes: number) =>
  fault('KeyTooLongError', 400, 'Your key is too long', { Size: bytes, MaxSizeAllowed: 1024 });

export const metadataTooLarge = (bytes: number) =>
  fault('MetadataTooLarge', 400, 'Your metadata headers exceed the maximum allowed metadata size', {
    Size: bytes,
    MaxSizeAllowed: 2048,
  });

export const preconditionFailed = (condition: string) =>
  fault('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });

/** The key's object changed while its parts were uploaded. */
export const conditionalConflict = (condition: string, key: string) =>
  fault(
    'ConditionalRequestConflict',
    409,
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    { Condition: condition, Key: key },
  );

/** Not an error for clients: the reader has the current object. */
export const notModified = (headers: Record<string, string>) =>
  fault('NotModified', 304, 'Not Modified', {}, headers);

export const invalidRange = (range: string, size: number) =>
  fault(
    'InvalidRange',
    416,
    'The requested range is not satisfiable',
    { RangeRequested: range, ActualObjectSize: size },
    { 'content-range': `bytes */${size}` },
  );

export const invalidPartNumber = (partNumber: number, count: number) =>
  fault('InvalidPartNumber', 416, 'The requested partnumber is not satisfiable', {
    PartNumberRequested: partNumber,
    ActualPartCount: count,
  });
