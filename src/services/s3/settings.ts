// Settings of buckets that are kept and given back: tags, policies, encryption and so on. All but the CORS rules, which
// decide what web pages may do (page-rules.ts), change nothing else. One row each, from which the Put, Get and Delete of it are made.

import type { Handler } from '../../wire/service.ts';
import { checkCors } from './domain/cors.ts';
import type { BucketRecord } from './domain/records.ts';
import { checkTags, MAX_BUCKET_TAGS } from './domain/tags.ts';
import { malformedPolicy, malformedXml, noSuchConfiguration } from './faults.ts';
import { privateAcl } from './owner.ts';
import type { Storage } from './storage.ts';

// biome-ignore lint/suspicious/noExplicitAny: the table stands for many shapes; the wire checks each by its schema
type Shape = any;

interface Setting {
  /** The member of the Put that holds it, and the name that it is kept under. */
  member: string;
  put: string;
  get: string;
  delete?: string;
  /** What the Get shows where nothing is kept: a value, or an error's code and message. */
  absent: ((bucket: BucketRecord) => Shape) | [code: string, message: string];
  /** The Get's output; by default the setting is its only member of the same name. */
  show?: (value: Shape) => Shape;
  /** What is kept of a Put; may throw. */
  accept?: (value: Shape, input: Shape, bucket: BucketRecord) => Shape;
  required?: boolean;
}

const itself = (value: Shape): Shape => value;

const ENCRYPTED = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

const ALL_BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

export const SETTINGS: readonly Setting[] = [
  {
    member: 'Tagging',
    put: 'PutBucketTagging',
    get: 'GetBucketTagging',
    delete: 'DeleteBucketTagging',
    absent: ['NoSuchTagSet', 'The TagSet does not exist'],
    accept: ({ TagSet }) => ({ TagSet: checkTags(TagSet ?? [], MAX_BUCKET_TAGS) }),
    show: itself,
  },
  {
    member: 'Policy',
    put: 'PutBucketPolicy',
    get: 'GetBucketPolicy',
    delete: 'DeleteBucketPolicy',
    absent: ['NoSuchBucketPolicy', 'The bucket policy does not exist'],
    accept: acceptPolicy,
  },
  {
    member: 'ServerSideEncryptionConfiguration',
    put: 'PutBucketEncryption',
    get: 'GetBucketEncryption',
    delete: 'DeleteBucketEncryption',
    // AWS: what all buckets have since 2023.
    absent: () => ENCRYPTED,
  },
  {
    member: 'PublicAccessBlockConfiguration',
    put: 'PutPublicAccessBlock',
    get: 'GetPublicAccessBlock',
    delete: 'DeletePublicAccessBlock',
    absent: ['NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found'],
    accept: (value) => ({
      ...Object.fromEntries(Object.keys(ALL_BLOCKED).map((name) => [name, false])),
      ...value,
    }),
  },
  {
    member: 'OwnershipControls',
    put: 'PutBucketOwnershipControls',
    get: 'GetBucketOwnershipControls',
    delete: 'DeleteBucketOwnershipControls',
    absent: ['OwnershipControlsNotFoundError', 'The bucket ownership controls were not found'],
  },
  {
    member: 'LifecycleConfiguration',
    put: 'PutBucketLifecycleConfiguration',
    get: 'GetBucketLifecycleConfiguration',
    delete: 'DeleteBucketLifecycle',
    absent: ['NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'],
    accept: (value, input) => ({
      ...value,
      TransitionDefaultMinimumObjectSize:
        input.TransitionDefaultMinimumObjectSize ?? 'all_storage_classes_128K',
    }),
    show: itself,
  },
  {
    member: 'CORSConfiguration',
    put: 'PutBucketCors',
    get: 'GetBucketCors',
    delete: 'DeleteBucketCors',
    absent: ['NoSuchCORSConfiguration', 'The CORS configuration does not exist'],
    accept: checkCors,
    show: itself,
  },
  {
    member: 'WebsiteConfiguration',
    put: 'PutBucketWebsite',
    get: 'GetBucketWebsite',
    delete: 'DeleteBucketWebsite',
    absent: ['NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration'],
    show: itself,
  },
  {
    member: 'ReplicationConfiguration',
    put: 'PutBucketReplication',
    get: 'GetBucketReplication',
    delete: 'DeleteBucketReplication',
    absent: ['ReplicationConfigurationNotFoundError', 'The replication configuration was not found'],
  },
  {
    member: 'ObjectLockConfiguration',
    put: 'PutObjectLockConfiguration',
    get: 'GetObjectLockConfiguration',
    absent: [
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
    ],
  },
  {
    member: 'NotificationConfiguration',
    put: 'PutBucketNotificationConfiguration',
    get: 'GetBucketNotificationConfiguration',
    absent: () => ({}),
    show: itself,
  },
  {
    member: 'BucketLoggingStatus',
    put: 'PutBucketLogging',
    get: 'GetBucketLogging',
    absent: () => ({}),
    show: itself,
  },
  {
    member: 'AccelerateConfiguration',
    put: 'PutBucketAccelerateConfiguration',
    get: 'GetBucketAccelerateConfiguration',
    absent: () => ({}),
    show: itself,
  },
  {
    member: 'RequestPaymentConfiguration',
    put: 'PutBucketRequestPayment',
    get: 'GetBucketRequestPayment',
    absent: () => ({ Payer: 'BucketOwner' }),
    show: itself,
  },
  {
    member: 'AccessControlPolicy',
    put: 'PutBucketAcl',
    get: 'GetBucketAcl',
    absent: ({ accountId }) => privateAcl(accountId),
    show: itself,
    required: false,
    accept: (value, _input, { accountId }) => ({ ...privateAcl(accountId), ...value }),
  },
];

function acceptPolicy(text: string): string {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw malformedPolicy('This policy contains invalid Json');
  }
  if (policy === null || typeof policy !== 'object' || !('Statement' in policy)) {
    throw malformedPolicy('Missing required field Statement');
  }
  return text;
}

/** AWS: since 2023 nothing in a new bucket is public, and all in it is its owner's. */
export function settingsOfNewBucket(
  { ObjectOwnership, ObjectLockEnabledForBucket }: Shape,
  tags: readonly unknown[] | undefined,
): Record<string, unknown> {
  return {
    PublicAccessBlockConfiguration: ALL_BLOCKED,
    OwnershipControls: { Rules: [{ ObjectOwnership: ObjectOwnership ?? 'BucketOwnerEnforced' }] },
    ...(ObjectLockEnabledForBucket ? { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } } : {}),
    ...(tags && tags.length > 0 ? { Tagging: { TagSet: tags } } : {}),
  };
}

/** The operations of all settings, by name. */
export function settingOperations(storage: Storage): Record<string, Handler<Shape, Shape>> {
  const operations: Record<string, Handler<Shape, Shape>> = {};
  for (const setting of SETTINGS) {
    operations[setting.put] = (input) => put(storage, setting, input);
    operations[setting.get] = (input) => get(storage, setting, input);
    if (setting.delete) operations[setting.delete] = (input) => change(storage, input, setting, undefined);
  }
  return operations;
}

function put(storage: Storage, setting: Setting, input: Shape): Shape {
  const { member, accept = itself, required = true } = setting;
  const bucket = storage.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  const value = input[member];
  if (value === undefined && required) throw malformedXml();
  const kept = accept(value ?? {}, input, bucket);
  change(storage, input, setting, kept);
  const minimum = kept?.TransitionDefaultMinimumObjectSize;
  return minimum === undefined ? {} : { TransitionDefaultMinimumObjectSize: minimum };
}

function get(storage: Storage, setting: Setting, input: Shape): Shape {
  const { member, absent, show = (value: Shape) => ({ [member]: value }) } = setting;
  const bucket = storage.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  const kept = bucket.settings[member];
  if (kept !== undefined) return show(kept);
  if (typeof absent === 'function') return show(absent(bucket));
  throw noSuchConfiguration(...absent, bucket.name);
}

function change({ buckets, change }: Storage, input: Shape, { member }: Setting, value: unknown): Shape {
  return change(() => {
    const bucket = buckets.get(input.Bucket, input.ExpectedBucketOwner);
    const { [member]: _, ...others } = bucket.settings;
    buckets.put({ ...bucket, settings: value === undefined ? others : { ...others, [member]: value } });
    return {};
  });
}
