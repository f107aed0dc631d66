// The properties of AWS::S3::Bucket that are settings: which of S3's operations sets each and which resets it.
// Properties that would have no effect are refused by name.

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
  /** The input of the put, besides the bucket. */
  input(value: Properties, bucket: string): object;
  /** How the setting is reset: by an operation of its own, or by a put of this value. */
  undo: OperationName<S3> | Properties;
}

const SETTINGS: readonly Setting[] = [
  {
    property: 'VersioningConfiguration',
    put: 'PutBucketVersioning',
    input: (value) => ({ VersioningConfiguration: value }),
    // AWS: versioning cannot be removed, only suspended.
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
          // AWS: a bucket without a named target logs into itself.
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

/** Properties that AWS accepts and that would have no effect here, with the reason. */
const REFUSED: Readonly<Record<string, string>> = {
  AbacStatus: 'nothing is allowed or denied',
  BucketNamePrefix: 'all buckets share one namespace',
  BucketNamespace: 'all buckets share one namespace',
  AnalyticsConfigurations: 'nothing is analysed',
  IntelligentTieringConfigurations: 'objects are not moved between storage classes',
  InventoryConfigurations: 'no inventories are written',
  MetadataConfiguration: 'there are no tables of metadata',
  MetadataTableConfiguration: 'there are no tables of metadata',
  MetricsConfigurations: 'no metrics are gathered',
  ReplicationConfiguration: 'nothing is replicated',
};
const NOTIFICATIONS = ['LambdaConfigurations', 'QueueConfigurations', 'TopicConfigurations'];

/** Throws an Error that names the first refused property. */
export function refuseSettings(properties: Properties): void {
  for (const [name, reason] of Object.entries(REFUSED)) {
    if (properties[name] !== undefined) throw refusal(name, reason);
  }
  const notification = (properties.NotificationConfiguration ?? {}) as Properties;
  for (const name of NOTIFICATIONS) {
    if (objectsOf(notification, name).length > 0) {
      throw refusal(`NotificationConfiguration/${name}`, 'notifications are not sent');
    }
  }
}

const refusal = (name: string, reason: string) =>
  new Error(`${name} of AWS::S3::Bucket is not supported by this Millpond: ${reason}.`);

/** The properties of a bucket before and after a change of its stack. */
export interface SettingsChange {
  scope: Scope;
  bucket: string;
  before: Properties;
  after: Properties;
}

/** Sets what differs. It can be repeated after a failure. */
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

/** AWS: the default list. A bucket with BucketOwnerEnforced refuses every list, this one included. */
const isPrivate = (acl: Value | undefined): boolean => acl === undefined || acl === null || acl === 'Private';

/** A value that is not an object becomes an object with the member `''`. */
const membersOf = (value: Value): Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { '': value };

/** `BucketOwnerFullControl` becomes `bucket-owner-full-control`. */
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
