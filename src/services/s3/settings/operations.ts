// The operations of all settings, made from the table.

import type { Handler, RequestContext } from '../../../wire/service.ts';
import { ownershipOf } from '../domain/access-control.ts';
import { isPublic } from '../domain/bucket-policy.ts';
import { malformedXml, noSuchConfiguration } from '../faults.ts';
import type { Storage } from '../storage.ts';
import { ALL_BLOCKED, SETTINGS, type Setting, type Shape } from './table.ts';

/** AWS: the code is Terraform's, which looks for it; the text is chosen here. */
const NO_METADATA = ['MetadataConfigurationNotFound', 'The metadata configuration was not found'] as const;

/** By name. */
export function settingOperations(storage: Storage): Record<string, Handler<Shape, Shape>> {
  const operations: Record<string, Handler<Shape, Shape>> = {};
  for (const setting of SETTINGS) {
    operations[setting.put] = (input, context) => put(storage, setting, input, context);
    operations[setting.get] = (input) => get(storage, setting, input);
    if (setting.delete) operations[setting.delete] = (input) => keep(storage, input, setting, undefined);
  }
  // These cannot be set here; tools read them all the same.
  operations.GetBucketAbac = (input) => {
    storage.buckets.get(input.Bucket, input.ExpectedBucketOwner);
    return { AbacStatus: { Status: 'Disabled' } };
  };
  for (const name of ['GetBucketMetadataConfiguration', 'GetBucketMetadataTableConfiguration']) {
    operations[name] = (input) => {
      const bucket = storage.buckets.get(input.Bucket, input.ExpectedBucketOwner);
      throw noSuchConfiguration(...NO_METADATA, bucket.name);
    };
  }
  operations.GetBucketPolicyStatus = (input) => {
    const policy: string = get(storage, SETTINGS.find(({ member }) => member === 'Policy')!, input).Policy;
    return { PolicyStatus: { IsPublic: isPublic(policy) } };
  };
  return operations;
}

function put(storage: Storage, setting: Setting, input: Shape, { isService }: RequestContext): Shape {
  const { member, accept = (value) => value, required = true } = setting;
  const bucket = storage.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  const value = input[member];
  if (value === undefined && required) throw malformedXml();
  const tagger = isService ? { isService } : {};
  const kept = accept(value ?? {}, { input, bucket, storage, tagger });
  keep(storage, input, setting, kept);
  const minimum = kept?.TransitionDefaultMinimumObjectSize;
  return minimum === undefined ? {} : { TransitionDefaultMinimumObjectSize: minimum };
}

function get(storage: Storage, setting: Setting, input: Shape): Shape {
  const { member, absent, show = (value: Shape) => ({ [member]: value }) } = setting;
  const bucket = storage.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  const kept = storage.buckets.setting(bucket, member);
  if (kept !== undefined) return show(kept);
  if (typeof absent === 'function') return show(absent(bucket));
  throw noSuchConfiguration(...absent, bucket.name);
}

function keep({ buckets, change }: Storage, input: Shape, { member }: Setting, value: unknown): Shape {
  return change(() => {
    buckets.setSetting(buckets.get(input.Bucket, input.ExpectedBucketOwner), member, value);
    return {};
  });
}

/** AWS: since 2023 nothing in a new bucket is public, and all in it is its owner's. Throws InvalidArgument. */
export function settingsOfNewBucket(
  input: Shape,
  tags: readonly unknown[] | undefined,
): Record<string, unknown> {
  return {
    PublicAccessBlockConfiguration: ALL_BLOCKED,
    OwnershipControls: { Rules: [{ ObjectOwnership: ownershipOf(input.ObjectOwnership) }] },
    ...(input.ObjectLockEnabledForBucket
      ? { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } }
      : {}),
    ...(tags && tags.length > 0 ? { Tagging: { TagSet: tags } } : {}),
  };
}
