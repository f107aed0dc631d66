// Every refusal of S3 in its own words. Most are not in the model, so that the status stands here too; what an error
// is about (bucket, key…) goes with it as S3 sends it.

import { Fault } from '../../wire/fault.ts';

type Members = Record<string, unknown>;

const fault = (
  code: string,
  status: number,
  message: string,
  members: Members = {},
  headers: Record<string, string> = {},
): Fault => {
  const told = Object.entries(members).filter(([, value]) => value !== undefined);
  return new Fault(code, message, { status, members: Object.fromEntries(told), headers });
};

export const objectIsArchived = (storageClass: string) =>
  fault('InvalidObjectState', 403, "The operation is not valid for the object's storage class", {
    StorageClass: storageClass,
  });

export const notRestorable = (storageClass: string) =>
  fault('InvalidObjectState', 403, "Restore is not allowed for the object's current storage class", {
    StorageClass: storageClass,
  });

export const sourceIsArchived = () =>
  fault(
    'ObjectNotInActiveTierError',
    403,
    'The source object of the COPY operation is not in the active tier and is only stored in Amazon S3 Glacier.',
  );

/** AWS: asked on 2024-10-25 (https://github.com/versity/versitygw/issues/915). */
export const noAttributes = () =>
  fault(
    'InvalidRequest',
    400,
    'The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty',
  );

/** Another answer than a document that is no good: there is none. */
export const missingRequestBody = () => fault('MissingRequestBodyError', 400, 'Request Body is empty');

// Buckets

export const noSuchBucket = (bucket: string) =>
  fault('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: bucket });

export const invalidBucketName = (bucket: string) =>
  fault('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName: bucket });

export const bucketAlreadyExists = (bucket: string) =>
  fault(
    'BucketAlreadyExists',
    409,
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
    { BucketName: bucket },
  );

export const bucketAlreadyOwnedByYou = (bucket: string) =>
  fault(
    'BucketAlreadyOwnedByYou',
    409,
    'Your previous request to create the named bucket succeeded and you already own it.',
    { BucketName: bucket },
  );

export const bucketNotEmpty = (bucket: string) =>
  fault('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty', { BucketName: bucket });

export const bucketNotEmptyOfVersions = (bucket: string) =>
  fault(
    'BucketNotEmpty',
    409,
    'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
    { BucketName: bucket },
  );

export const tooManyBuckets = () =>
  fault('TooManyBuckets', 400, 'You have attempted to create more buckets than allowed');

export const invalidLocationConstraint = (constraint: string) =>
  fault('InvalidLocationConstraint', 400, 'The specified location-constraint is not valid', {
    LocationConstraint: constraint,
  });

export const illegalLocationConstraint = (constraint: string) =>
  fault(
    'IllegalLocationConstraintException',
    400,
    `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );

export const accessDenied = () => fault('AccessDenied', 403, 'Access Denied');

/** AWS: whoever may not see a bucket is still told where it is. */
export const notYourBucket = (region: string) =>
  fault('AccessDenied', 403, 'Access Denied', {}, { 'x-amz-bucket-region': region });

export const noSuchConfiguration = (code: string, message: string, bucket: string) =>
  fault(code, 404, message, { BucketName: bucket });

export const illegalVersioning = () =>
  fault('IllegalVersioningConfigurationException', 400, 'The Versioning element must be specified');

export const notSupported = (what: string) =>
  fault('NotImplemented', 501, `Millpond does not implement ${what}.`);

export const publicPolicyBlocked = (bucket: string) =>
  fault(
    'AccessDenied',
    403,
    `User is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::${bucket}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
  );

export const invalidBucketState = (message: string) => fault('InvalidBucketState', 409, message);

export const malformedPolicy = (message: string) => fault('MalformedPolicy', 400, message);

export const policyTooLarge = (maxBytes: number) =>
  fault('PolicyTooLarge', 400, `Policy exceeds the maximum allowed document size.`, {
    MaxSizeAllowed: maxBytes,
  });

export const invalidTargetBucket = (message: string, bucket: string) =>
  fault('InvalidTargetBucketForLogging', 400, message, { TargetBucket: bucket });

export const invalidTarget = (message: string) => fault('InvalidS3DestinationBucket', 400, message);

export const noSuchNumberedConfiguration = () =>
  fault('NoSuchConfiguration', 404, 'The specified configuration does not exist.');

export const tooManyConfigurations = () =>
  fault(
    'TooManyConfigurations',
    400,
    'You are attempting to create a new configuration but have already reached the 1,000-configuration limit.',
  );

export const idMismatch = () =>
  fault('IdMismatch', 400, 'Document ID does not match the specified configuration ID.');

// Access control lists

export const aclNotSupported = () =>
  fault('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs');

export const bucketAclWithOwnership = () =>
  fault(
    'InvalidBucketAclWithObjectOwnership',
    400,
    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
  );

export const malformedAcl = () =>
  fault(
    'MalformedACLError',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

export const unexpectedContent = () =>
  fault('UnexpectedContent', 400, 'This request does not support content');

export const missingSecurityHeader = (header: string) =>
  fault('MissingSecurityHeader', 400, 'Your request was missing a required header', {
    MissingHeaderName: header,
  });

// Object lock

export const invalidLockRequest = () => invalidRequest('Bucket is missing Object Lock Configuration');

export const lockedByObjectLock = () =>
  fault('AccessDenied', 403, 'Access Denied because object protected by object lock.');

export const noSuchLock = () =>
  fault(
    'NoSuchObjectLockConfiguration',
    404,
    'The specified object does not have a ObjectLock configuration',
  );

// Objects

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

/** Something else was done to the key while its parts were uploaded. */
export const conditionalConflict = (condition: string, key: string) =>
  fault(
    'ConditionalRequestConflict',
    409,
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    { Condition: condition, Key: key },
  );

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

// Bodies and checksums

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

export const badMd5 = (expected: string, calculated: string) =>
  fault('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.', {
    ExpectedDigest: expected,
    CalculatedDigest: calculated,
  });

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

export const checksumNotImplemented = () =>
  fault(
    'NotImplemented',
    501,
    'A header you provided implies functionality that is not implemented: the checksums are CRC32, CRC32C, CRC64NVME, SHA1 and SHA256.',
  );

// Uploads in parts

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

// Pages of other origins. The texts, misspelling included, as clients of S3 report them.

interface PreflightOf {
  Method: string;
  ResourceType: string;
}

export const corsNotEnabled = (about: PreflightOf) =>
  fault('AccessForbidden', 403, 'CORSResponse: CORS is not enabled for this bucket.', { ...about });

export const corsRequestNotAllowed = (about: PreflightOf) =>
  fault(
    'AccessForbidden',
    403,
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    { ...about },
  );

// Everything else

export const invalidArgument = (message: string, name?: string, value?: unknown) =>
  fault('InvalidArgument', 400, message, { ArgumentName: name, ArgumentValue: value });

export const invalidRequest = (message: string) => fault('InvalidRequest', 400, message);

export const malformedXml = () =>
  fault(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

export const invalidTag = (message: string, key: string, value?: string) =>
  fault('InvalidTag', 400, message, { TagKey: key, TagValue: value });

export const headerNotImplemented = (header: string, additionalMessage?: string) =>
  fault('NotImplemented', 501, 'A header you provided implies functionality that is not implemented', {
    Header: header,
    additionalMessage,
  });

export const invalidStorageClass = (storageClass: string) =>
  fault('InvalidStorageClass', 400, 'The storage class you specified is not valid', {
    StorageClassRequested: storageClass,
  });

export const invalidRedirect = () =>
  fault(
    'InvalidRedirectLocation',
    400,
    "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
  );

export const tooManyTags = (message: string) => fault('BadRequest', 400, message);
