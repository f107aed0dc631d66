// The settings of buckets, one row each: tags, policy, encryption and so on. operations/bucket-settings.ts puts, gets
// and deletes them. Object lock, access control and CORS rules (page-rules.ts) have an effect; the others are only
// recorded.

import type { Tagger } from '../../../aws/tags.ts';
import { derivedHex } from '../../../kernel/ids.ts';
import type { S3 } from '../context.ts';
import { requireAcl } from '../domain/access-control.ts';
import { checkPolicy, isPublic } from '../domain/bucket-policy.ts';
import { checkCors } from '../domain/cors.ts';
import { listOf, oneOf, STATUS, SUSPENDABLE, structure, text } from '../domain/documents.ts';
import { acceptEncryption, ENCRYPTED } from '../domain/encryption.ts';
import { checkLifecycleRules, LIFECYCLE_FORM } from '../domain/lifecycle.ts';
import { acceptNotifications } from '../domain/notifications.ts';
import { checkLockConfiguration, LOCK_FORM } from '../domain/object-lock.ts';
import { privateAcl } from '../domain/owner.ts';
import type { BucketRecord } from '../domain/records.ts';
import { checkTags, MAX_BUCKET_TAGS } from '../domain/tags.ts';
import { checkWebsite, WEBSITE_FORM } from '../domain/website.ts';
import { bucketAclWithOwnership } from '../faults/access.ts';
import { invalidBucketState, invalidTargetBucket, publicPolicyBlocked } from '../faults/buckets.ts';
import { invalidRequest } from '../faults/requests.ts';

// biome-ignore lint/suspicious/noExplicitAny: the table stands for many shapes; the wire checks each by its schema
export type Shape = any;

/** One row of the table. */
export interface Setting {
  /** What Get returns if the setting is not set: a value, or the code and text of an error. */
  absent: ((bucket: BucketRecord) => Shape) | [code: string, message: string];
  /** The output of Get. By default its only member is the setting, under the same name. */
  show?: (value: Shape) => Shape;
  /** Validates the value of a Put and returns what to store; `undefined` removes the setting. May throw a Fault. */
  accept?: (value: Shape, given: Given) => Shape;
  /** Whether a Put needs a document; true by default. */
  required?: boolean;
}

/** What `accept` sees besides the value. */
export interface Given {
  input: Shape;
  bucket: BucketRecord;
  s3: S3;
  tagger: Tagger;
}

const itself = (value: Shape): Shape => value;

/** AWS: the public access block of a new bucket. */
export const ALL_BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

const OWNERSHIP_FORM = structure(
  {
    Rules: listOf(
      structure(
        { ObjectOwnership: oneOf('BucketOwnerPreferred', 'ObjectWriter', 'BucketOwnerEnforced') },
        { required: ['ObjectOwnership'] },
      ),
      1,
      1,
    ),
  },
  { required: ['Rules'] },
);

const REPLICATION_FORM = structure(
  {
    Role: text(1, 2048),
    Rules: listOf(
      structure(
        { Status: STATUS, Destination: structure({ Bucket: text(1, 2048) }, { required: ['Bucket'] }) },
        { required: ['Status', 'Destination'] },
      ),
      1,
    ),
  },
  { required: ['Role', 'Rules'] },
);

const LOGGING_FORM = structure({
  LoggingEnabled: structure(
    { TargetBucket: text(1, 2048), TargetPrefix: text(0, 1024) },
    { required: ['TargetBucket', 'TargetPrefix'] },
  ),
});

/** The rows, by the member of the Put. */
export const SETTINGS = {
  Tagging: {
    absent: ['NoSuchTagSet', 'The TagSet does not exist'],
    accept({ TagSet = [] }, { tagger }) {
      const tags = checkTags(TagSet, MAX_BUCKET_TAGS, tagger);
      // AWS: an empty set removes the tags.
      return tags.length > 0 ? { TagSet: tags } : undefined;
    },
    show: itself,
  },
  Policy: {
    absent: ['NoSuchBucketPolicy', 'The bucket policy does not exist'],
    accept(value, { bucket }) {
      const block = bucket.settings.PublicAccessBlockConfiguration as Shape;
      if (isPublic(checkPolicy(value)) && block?.BlockPublicPolicy) throw publicPolicyBlocked(bucket.name);
      return value;
    },
  },
  ServerSideEncryptionConfiguration: {
    // AWS: the encryption of all buckets since 2023.
    absent: () => ENCRYPTED,
    accept: (value) => acceptEncryption(value),
  },
  PublicAccessBlockConfiguration: {
    absent: ['NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found'],
    accept(value) {
      const named = Object.keys(ALL_BLOCKED).filter((name) => value[name] !== undefined);
      if (named.length === 0) {
        throw invalidRequest('Must specify at least one configuration.');
      }
      return Object.fromEntries(Object.keys(ALL_BLOCKED).map((name) => [name, value[name] ?? false]));
    },
  },
  OwnershipControls: {
    absent: ['OwnershipControlsNotFoundError', 'The bucket ownership controls were not found'],
    accept(value, { bucket }) {
      OWNERSHIP_FORM(value);
      const hasGrants = (bucket.settings.AccessControlPolicy as Shape)?.Grants?.length > 1;
      if (value.Rules[0].ObjectOwnership === 'BucketOwnerEnforced' && hasGrants)
        throw bucketAclWithOwnership();
      return value;
    },
  },
  LifecycleConfiguration: {
    absent: ['NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'],
    accept: acceptLifecycle,
    show: itself,
  },
  CORSConfiguration: {
    absent: ['NoSuchCORSConfiguration', 'The CORS configuration does not exist'],
    accept: (value) => checkCors(value),
    show: itself,
  },
  WebsiteConfiguration: {
    absent: ['NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration'],
    accept(value) {
      WEBSITE_FORM(value);
      checkWebsite(value);
      return value;
    },
    show: itself,
  },
  ReplicationConfiguration: {
    absent: ['ReplicationConfigurationNotFoundError', 'The replication configuration was not found'],
    accept(value, { bucket }) {
      REPLICATION_FORM(value);
      if (bucket.versioning !== 'Enabled') {
        throw invalidRequest(
          "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
        );
      }
      return { ...value, Rules: namedRules('s3-replication-rule', value.Rules) };
    },
  },
  ObjectLockConfiguration: {
    absent: [
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
    ],
    accept(value, { bucket }) {
      LOCK_FORM(value);
      checkLockConfiguration(value);
      if (bucket.versioning !== 'Enabled') {
        throw invalidBucketState(
          "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
        );
      }
      return value;
    },
  },
  NotificationConfiguration: {
    absent: () => ({}),
    accept: (value, { bucket }) => acceptNotifications(value, bucket.region),
    show: itself,
  },
  BucketLoggingStatus: {
    absent: () => ({}),
    accept: acceptLogging,
    show: itself,
  },
  AccelerateConfiguration: {
    absent: () => ({}),
    accept(value, { bucket }) {
      if (bucket.name.includes('.')) {
        throw invalidRequest(
          'S3 Transfer Acceleration is not supported for buckets with periods (.) in their names',
        );
      }
      SUSPENDABLE(value.Status);
      return value;
    },
    show: itself,
  },
  RequestPaymentConfiguration: {
    absent: () => ({ Payer: 'BucketOwner' }),
    accept(value) {
      oneOf('Requester', 'BucketOwner')(value.Payer);
      return value;
    },
    show: itself,
  },
  AccessControlPolicy: {
    absent: ({ accountId }) => privateAcl(accountId),
    show: itself,
    required: false,
    accept: (_value, { input, bucket }) => requireAcl(input, bucket),
  },
} satisfies Record<string, Setting>;

/** The member of the Put that has the setting, which is also the name that it is stored under. */
export type Member = keyof typeof SETTINGS;

function acceptLifecycle(value: Shape, { input }: Given): Shape {
  const minimum = input.TransitionDefaultMinimumObjectSize;
  if (minimum !== undefined) {
    oneOf('varies_by_storage_class', 'all_storage_classes_128K')(minimum);
  }
  LIFECYCLE_FORM(value);
  checkLifecycleRules(value.Rules);
  return {
    Rules: namedRules('s3-lifecycle-rule', value.Rules),
    TransitionDefaultMinimumObjectSize: minimum ?? 'all_storage_classes_128K',
  };
}

/** AWS: a rule without an id gets one. */
const namedRules = (kind: string, rules: readonly Shape[]): Shape[] =>
  rules.map((rule, index) => ({
    ...rule,
    ID: rule.ID ?? derivedHex(48, kind, String(index), JSON.stringify(rule)),
  }));

function acceptLogging(value: Shape, { s3: storage }: Given): Shape {
  LOGGING_FORM(value);
  const target = value.LoggingEnabled?.TargetBucket;
  if (target !== undefined && !storage.buckets.find(target)) {
    throw invalidTargetBucket('The target bucket for logging does not exist', target);
  }
  return value;
}
