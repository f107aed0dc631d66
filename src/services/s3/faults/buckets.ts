// S3's errors about buckets and their configurations.

import { fault } from './fault.ts';

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

/** AWS: the text for a bucket that has or had versioning. */
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

/** AWS: the header names the bucket's region although access is denied. */
export const notYourBucket = (region: string) =>
  fault('AccessDenied', 403, 'Access Denied', {}, { 'x-amz-bucket-region': region });

/** A setting that the bucket does not have; code and text depend on the setting. */
export const noSuchConfiguration = (code: string, message: string, bucket: string) =>
  fault(code, 404, message, { BucketName: bucket });

export const illegalVersioning = () =>
  fault('IllegalVersioningConfigurationException', 400, 'The Versioning element must be specified');

/** A feature that Millpond does not support. */
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

/** No configuration with this id. */
export const noConfigurationWithId = () =>
  fault('NoSuchConfiguration', 404, 'The specified configuration does not exist.');

export const tooManyConfigurations = () =>
  fault(
    'TooManyConfigurations',
    400,
    'You are attempting to create a new configuration but have already reached the 1,000-configuration limit.',
  );

export const idMismatch = () =>
  fault('IdMismatch', 400, 'Document ID does not match the specified configuration ID.');
