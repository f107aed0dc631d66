import { partitionOf } from '../../../aws/scope.ts';
import { aclOfBucket } from '../domain/access-control.ts';
import { mayRecreate, placeBucket } from '../domain/location.ts';
import { checkBucketName } from '../domain/names.ts';
import { checkTags, MAX_BUCKET_TAGS } from '../domain/tags.ts';
import {
  bucketAlreadyExists,
  bucketAlreadyOwnedByYou,
  notSupported,
  tooManyBuckets,
} from '../faults/buckets.ts';
import type { Operation } from '../sdk.ts';
import { settingsOfNewBucket } from '../settings/new-bucket.ts';

const MAX_BUCKETS = 10_000;

/**
 * Throws InvalidBucketName, InvalidLocationConstraint, BucketAlreadyExists, BucketAlreadyOwnedByYou, TooManyBuckets.
 */
export const CreateBucket: Operation<'CreateBucket'> = (
  s3,
  input,
  { accountId, region: endpointRegion, isService },
) => {
  const { buckets } = s3;
  const { Bucket: name, CreateBucketConfiguration: configuration } = input;
  checkBucketName(name);
  if (configuration?.Bucket || configuration?.Location) throw notSupported('directory buckets');
  if (input.BucketNamespace !== undefined && input.BucketNamespace !== 'global') {
    throw notSupported('bucket namespaces');
  }
  const region = placeBucket(configuration?.LocationConstraint, endpointRegion);
  const tags =
    configuration?.Tags && checkTags(configuration.Tags, MAX_BUCKET_TAGS, isService && { isService });
  const settings = settingsOfNewBucket(input, tags);
  const acl = aclOfBucket(input, { accountId, settings });
  s3.change(() => {
    const present = buckets.find(name);
    if (present && present.accountId !== accountId) throw bucketAlreadyExists(name);
    if (present) {
      if (mayRecreate(present.region, endpointRegion)) return;
      throw bucketAlreadyOwnedByYou(name);
    }
    if (buckets.countOwnedBy(accountId) >= MAX_BUCKETS) throw tooManyBuckets();
    buckets.put({
      name,
      accountId,
      region,
      createdAt: s3.now(),
      ...(input.ObjectLockEnabledForBucket ? { versioning: 'Enabled' as const } : {}),
      settings: acl ? { ...settings, AccessControlPolicy: acl } : settings,
    });
  });
  return {
    Location:
      endpointRegion === 'us-east-1' && region === 'us-east-1'
        ? `/${name}`
        : `http://${name}.s3.amazonaws.com/`,
    BucketArn: `arn:${partitionOf(region)}:s3:::${name}`,
  };
};
