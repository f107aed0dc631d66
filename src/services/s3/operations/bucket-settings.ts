// The operations on a bucket's settings. Each puts, gets or deletes one row of settings/table.ts, which also names the
// errors.

import { isPublic } from '../domain/bucket-policy.ts';
import type { Operation } from '../sdk.ts';
import { deleteSetting, getSetting, putSetting } from '../settings/setting.ts';

export const PutBucketTagging: Operation<'PutBucketTagging'> = (s3, input, context) =>
  putSetting(s3, 'Tagging', input, context);

export const GetBucketTagging: Operation<'GetBucketTagging'> = (s3, input) =>
  getSetting(s3, 'Tagging', input);

export const DeleteBucketTagging: Operation<'DeleteBucketTagging'> = (s3, input) =>
  deleteSetting(s3, 'Tagging', input);

export const PutBucketPolicy: Operation<'PutBucketPolicy'> = (s3, input, context) =>
  putSetting(s3, 'Policy', input, context);

export const GetBucketPolicy: Operation<'GetBucketPolicy'> = (s3, input) => getSetting(s3, 'Policy', input);

export const DeleteBucketPolicy: Operation<'DeleteBucketPolicy'> = (s3, input) =>
  deleteSetting(s3, 'Policy', input);

export const PutBucketEncryption: Operation<'PutBucketEncryption'> = (s3, input, context) =>
  putSetting(s3, 'ServerSideEncryptionConfiguration', input, context);

export const GetBucketEncryption: Operation<'GetBucketEncryption'> = (s3, input) =>
  getSetting(s3, 'ServerSideEncryptionConfiguration', input);

export const DeleteBucketEncryption: Operation<'DeleteBucketEncryption'> = (s3, input) =>
  deleteSetting(s3, 'ServerSideEncryptionConfiguration', input);

export const PutPublicAccessBlock: Operation<'PutPublicAccessBlock'> = (s3, input, context) =>
  putSetting(s3, 'PublicAccessBlockConfiguration', input, context);

export const GetPublicAccessBlock: Operation<'GetPublicAccessBlock'> = (s3, input) =>
  getSetting(s3, 'PublicAccessBlockConfiguration', input);

export const DeletePublicAccessBlock: Operation<'DeletePublicAccessBlock'> = (s3, input) =>
  deleteSetting(s3, 'PublicAccessBlockConfiguration', input);

export const PutBucketOwnershipControls: Operation<'PutBucketOwnershipControls'> = (s3, input, context) =>
  putSetting(s3, 'OwnershipControls', input, context);

export const GetBucketOwnershipControls: Operation<'GetBucketOwnershipControls'> = (s3, input) =>
  getSetting(s3, 'OwnershipControls', input);

export const DeleteBucketOwnershipControls: Operation<'DeleteBucketOwnershipControls'> = (s3, input) =>
  deleteSetting(s3, 'OwnershipControls', input);

export const PutBucketLifecycleConfiguration: Operation<'PutBucketLifecycleConfiguration'> = (
  s3,
  input,
  context,
) => putSetting(s3, 'LifecycleConfiguration', input, context);

export const GetBucketLifecycleConfiguration: Operation<'GetBucketLifecycleConfiguration'> = (s3, input) =>
  getSetting(s3, 'LifecycleConfiguration', input);

export const DeleteBucketLifecycle: Operation<'DeleteBucketLifecycle'> = (s3, input) =>
  deleteSetting(s3, 'LifecycleConfiguration', input);

export const PutBucketCors: Operation<'PutBucketCors'> = (s3, input, context) =>
  putSetting(s3, 'CORSConfiguration', input, context);

export const GetBucketCors: Operation<'GetBucketCors'> = (s3, input) =>
  getSetting(s3, 'CORSConfiguration', input);

export const DeleteBucketCors: Operation<'DeleteBucketCors'> = (s3, input) =>
  deleteSetting(s3, 'CORSConfiguration', input);

export const PutBucketWebsite: Operation<'PutBucketWebsite'> = (s3, input, context) =>
  putSetting(s3, 'WebsiteConfiguration', input, context);

export const GetBucketWebsite: Operation<'GetBucketWebsite'> = (s3, input) =>
  getSetting(s3, 'WebsiteConfiguration', input);

export const DeleteBucketWebsite: Operation<'DeleteBucketWebsite'> = (s3, input) =>
  deleteSetting(s3, 'WebsiteConfiguration', input);

export const PutBucketReplication: Operation<'PutBucketReplication'> = (s3, input, context) =>
  putSetting(s3, 'ReplicationConfiguration', input, context);

export const GetBucketReplication: Operation<'GetBucketReplication'> = (s3, input) =>
  getSetting(s3, 'ReplicationConfiguration', input);

export const DeleteBucketReplication: Operation<'DeleteBucketReplication'> = (s3, input) =>
  deleteSetting(s3, 'ReplicationConfiguration', input);

export const PutObjectLockConfiguration: Operation<'PutObjectLockConfiguration'> = (s3, input, context) =>
  putSetting(s3, 'ObjectLockConfiguration', input, context);

export const GetObjectLockConfiguration: Operation<'GetObjectLockConfiguration'> = (s3, input) =>
  getSetting(s3, 'ObjectLockConfiguration', input);

export const PutBucketNotificationConfiguration: Operation<'PutBucketNotificationConfiguration'> = (
  s3,
  input,
  context,
) => putSetting(s3, 'NotificationConfiguration', input, context);

export const GetBucketNotificationConfiguration: Operation<'GetBucketNotificationConfiguration'> = (
  s3,
  input,
) => getSetting(s3, 'NotificationConfiguration', input);

export const PutBucketLogging: Operation<'PutBucketLogging'> = (s3, input, context) =>
  putSetting(s3, 'BucketLoggingStatus', input, context);

export const GetBucketLogging: Operation<'GetBucketLogging'> = (s3, input) =>
  getSetting(s3, 'BucketLoggingStatus', input);

export const PutBucketAccelerateConfiguration: Operation<'PutBucketAccelerateConfiguration'> = (
  s3,
  input,
  context,
) => putSetting(s3, 'AccelerateConfiguration', input, context);

export const GetBucketAccelerateConfiguration: Operation<'GetBucketAccelerateConfiguration'> = (s3, input) =>
  getSetting(s3, 'AccelerateConfiguration', input);

export const PutBucketRequestPayment: Operation<'PutBucketRequestPayment'> = (s3, input, context) =>
  putSetting(s3, 'RequestPaymentConfiguration', input, context);

export const GetBucketRequestPayment: Operation<'GetBucketRequestPayment'> = (s3, input) =>
  getSetting(s3, 'RequestPaymentConfiguration', input);

export const PutBucketAcl: Operation<'PutBucketAcl'> = (s3, input, context) =>
  putSetting(s3, 'AccessControlPolicy', input, context);

export const GetBucketAcl: Operation<'GetBucketAcl'> = (s3, input) =>
  getSetting(s3, 'AccessControlPolicy', input);

/** Throws NoSuchBucket, NoSuchBucketPolicy. */
export const GetBucketPolicyStatus: Operation<'GetBucketPolicyStatus'> = (s3, input) => {
  const policy: string = getSetting(s3, 'Policy', input).Policy;
  return { PolicyStatus: { IsPublic: isPublic(policy) } };
};
