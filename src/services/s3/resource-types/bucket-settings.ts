// The settings among the properties of AWS::S3::Bucket: which operation of S3's own sets each, and which takes it back.
// What would be silently without effect is refused by name.

import type { Scope } from '../../../aws/scope.ts';
import { objectsOf } from '../../../control/resource-properties.ts';
import type { Properties, Value } from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import type { OperationName } from '../../../wire/service.ts';
import type { Sdk } from '../sdk.ts';
import { lifecycleRule } from './lifecycle-rule.ts';

type S3 = typeof import('@aws-sdk/client-s3');

interface Setting {
  property: string;
  put: OperationName<S3>;
  /** The put's input beside the bucket. */
  input(value: Properties, bucket: string): object;
  /** What undoes it: an operation of its own, or the put of this value. */
  undo: OperationName<S3> | Properties;
}

const SETTINGS: readonly Setting[] = [
  {
    property: 'VersioningConfiguration',
    put: 'PutBucketVersioning',
    input: (value) => ({ VersioningConfiguration: value }),
    // AWS: once versioned, never again without versions.
    undo: { Status: 'Suspended' },
  },
  {
    property: 'BucketEncryption',
    put: 'PutBucketEncryption',
    input: (value) => ({
      ServerSideEncryptionConfiguration: {
        Rules: objectsOf(value, 'ServerSideEncryptionConfiguration').map(
          ({ ServerSideEncryptionByDefault, ...rest }) => ({
            ...rest,
            ...(ServerSideEncryptionByDefault && {
              ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
            }),
          }),
        ),
      },
    }),
    undo: 'DeleteBucketEncryption',
  },
  {
    property: 'PublicAccessBlockConfiguration',
    put: 'PutPublicAccessBlock',
    input: (value) => ({ PublicAccessBlockConfiguration: value }),
    undo: 'DeletePublicAccessBlock',
  },
  {
    property: 'OwnershipControls',
    put: 'PutBucketOwnershipControls',
    input: (value) => ({ OwnershipControls: value }),
    undo: 'DeleteBucketOwnershipControls',
  },
  {
    property: 'AccessControl',
    put: 'PutBucketAcl',
    input: (value) => ({ ACL: cannedAcl(value) }),
    undo: { '': 'Private' },
  },
  {
    property: 'LifecycleConfiguration',
    put: 'PutBucketLifecycleConfiguration',
    input: ({ TransitionDefaultMinimumObjectSize, ...value }) => ({
      ...(TransitionDefaultMinimumObjectSize && { TransitionDefaultMinimumObjectSize }),
      LifecycleConfiguration: { Rules: objectsOf(value, 'Rules').map(lifecycleRule) },
    }),
    undo: 'DeleteBucketLifecycle',
  },
  {
    property: 'CorsConfiguration',
    put: 'PutBucketCors',
    input: (value) => ({
      CORSConfiguration: {
        CORSRules: objectsOf(value, 'CorsRules').map(({ Id, MaxAge, ExposedHeaders, ...rest }) => ({
          ...rest,
          ...(Id !== undefined && { ID: Id }),
          ...(MaxAge !== undefined && { MaxAgeSeconds: MaxAge }),
          ...(ExposedHeaders !== undefined && { ExposeHeaders: ExposedHeaders }),
        })),
      },
    }),
    undo: 'DeleteBucketCors',
  },
  {
    property: 'WebsiteConfiguration',
    put: 'PutBucketWebsite',
    input: (value) => ({ WebsiteConfiguration: website(value) }),
    undo: 'DeleteBucketWebsite',
  },
  {
    property: 'LoggingConfiguration',
    put: 'PutBucketLogging',
    input: ({ DestinationBucketName, LogFilePrefix, ...rest }, bucket) => ({
      BucketLoggingStatus: {
        LoggingEnabled: {
          // AWS: its own logs, where no other bucket is named.
          TargetBucket: DestinationBucketName ?? bucket,
          TargetPrefix: LogFilePrefix ?? '',
          ...rest,
        },
      },
    }),
    undo: {},
  },
  {
    property: 'AccelerateConfiguration',
    put: 'PutBucketAccelerateConfiguration',
    input: ({ AccelerationStatus }) => ({ AccelerateConfiguration: { Status: AccelerationStatus } }),
    undo: { AccelerationStatus: 'Suspended' },
  },
  {
    property: 'ObjectLockConfiguration',
    put: 'PutObjectLockConfiguration',
    input: (value) => ({ ObjectLockConfiguration: value }),
    undo: { ObjectLockEnabled: 'Enabled' },
  },
];

/** Accepted by AWS, and without any effect here. */
const REFUSED: Readonly<Record<string, string>> = {
  AbacStatus: 'nothing is allowed or denied',
  BucketNamePrefix: 'all buckets share one namespace',
  BucketNamespace: 'all buckets share one namespace',
  AnalyticsConfigurations: 'nothing is analysed',
  IntelligentTieringConfigurations: 'all objects are of one storage class',
  InventoryConfigurations: 'no inventories are written',
  MetadataConfiguration: 'there are no tables of metadata',
  MetadataTableConfiguration: 'there are no tables of metadata',
  MetricsConfigurations: 'no metrics are gathered',
  ReplicationConfiguration: 'nothing is replicated',
};
const NOTIFICATIONS = ['LambdaConfigurations', 'QueueConfigurations', 'TopicConfigurations'];

/** Throws, naming the first that is refused. */
export function refuseSettings(properties: Properties): void {
  for (const [name, reason] of Object.entries(REFUSED)) {
    if (properties[name] !== undefined) throw refusal(name, reason);
  }
  const notification = (properties.NotificationConfiguration ?? {}) as Properties;
  for (const name of NOTIFICATIONS) {
    if (objectsOf(notification, name).length > 0) {
      throw refusal(`NotificationConfiguration/${name}`, 'nobody is notified');
    }
  }
}

const refusal = (name: string, reason: string) =>
  new Error(`${name} of AWS::S3::Bucket is not supported by this Millpond: ${reason}.`);

export interface SettingsChange {
  scope: Scope;
  bucket: string;
  before: Properties;
  after: Properties;
}

/** Only what differs; may be entered again. */
export async function applySettings(
  client: Client<Sdk>,
  { scope, bucket, before, after }: SettingsChange,
): Promise<void> {
  for (const { property, put, input, undo } of SETTINGS) {
    const [old, wanted] = [before[property], after[property]];
    if (JSON.stringify(old) === JSON.stringify(wanted)) continue;
    if (property === 'AccessControl' && isPrivate(old) && isPrivate(wanted)) continue;
    const call = (operation: OperationName<S3>, more: object) =>
      client.call(operation, { Bucket: bucket, ...more } as never, scope);
    if (wanted !== undefined && wanted !== null) await call(put, input(membersOf(wanted), bucket));
    else if (typeof undo === 'string') await call(undo, {});
    else if (property === 'LoggingConfiguration') await call(put, { BucketLoggingStatus: {} });
    else await call(put, input(undo, bucket));
  }
}

/** AWS: what a bucket is without more; where its owner owns everything no list may be set, not even this one. */
const isPrivate = (acl: Value | undefined): boolean => acl === undefined || acl === null || acl === 'Private';

/** A plain value's only member has no name. */
const membersOf = (value: Value): Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { '': value };

/** `BucketOwnerFullControl` -> `bucket-owner-full-control`. */
const cannedAcl = ({ '': name }: Properties): string =>
  String(name)
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`)
    .toLowerCase();

function website({ IndexDocument, ErrorDocument, RoutingRules, ...rest }: Properties): object {
  return {
    ...rest,
    ...(IndexDocument !== undefined && { IndexDocument: { Suffix: IndexDocument } }),
    ...(ErrorDocument !== undefined && { ErrorDocument: { Key: ErrorDocument } }),
    ...(RoutingRules !== undefined && {
      RoutingRules: objectsOf({ RoutingRules }, 'RoutingRules').map(
        ({ RedirectRule, RoutingRuleCondition }) => ({
          Redirect: RedirectRule,
          ...(RoutingRuleCondition !== undefined && { Condition: RoutingRuleCondition }),
        }),
      ),
    }),
  };
}
