// A new bucket, where its location constraint says, with the settings that AWS gives new ones.

import type { HandlerOf } from '../../../wire/service.ts';
import { mayMakeAgain, placeBucket } from '../domain/location.ts';
import { checkBucketName } from '../domain/names.ts';
import { checkTags, MAX_BUCKET_TAGS } from '../domain/tags.ts';
import { bucketAlreadyExists, bucketAlreadyOwnedByYou, tooManyBuckets } from '../faults.ts';
import type { S3 } from '../service.ts';
import { settingsOfNewBucket } from '../settings.ts';
import type { Storage } from '../storage.ts';

const MAX_BUCKETS = 10_000;

export const createBucket =
  (storage: Storage): HandlerOf<S3, 'CreateBucket'> =>
  (input, { accountId, region: endpointRegion }) => {
    const { buckets } = storage;
    const { Bucket: name, CreateBucketConfiguration: configuration } = input;
    checkBucketName(name);
    const region = placeBucket(configuration?.LocationConstraint, endpointRegion);
    const tags = configuration?.Tags && checkTags(configuration.Tags, MAX_BUCKET_TAGS);
    storage.change(() => {
      const present = buckets.find(name);
      if (present && present.accountId !== accountId) throw bucketAlreadyExists(name);
      if (present) {
        if (mayMakeAgain(present.region, endpointRegion)) return;
        throw bucketAlreadyOwnedByYou(name);
      }
      if (buckets.ownedBy(accountId).length >= MAX_BUCKETS) throw tooManyBuckets();
      buckets.put({
        name,
        accountId,
        region,
        createdAt: storage.now(),
        ...(input.ObjectLockEnabledForBucket ? { versioning: 'Enabled' as const } : {}),
        settings: settingsOfNewBucket(input, tags),
      });
    });
    return {
      Location:
        endpointRegion === 'us-east-1' && region === 'us-east-1'
          ? `/${name}`
          : `http://${name}.s3.amazonaws.com/`,
    };
  };
