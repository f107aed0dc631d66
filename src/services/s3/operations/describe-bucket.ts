// HeadBucket and GetBucketLocation: whether a bucket is there, and where.

import { partitionOf } from '../../../aws/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { constraintOf } from '../domain/location.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';

export const headBucket =
  ({ buckets }: Storage): HandlerOf<S3, 'HeadBucket'> =>
  ({ Bucket, ExpectedBucketOwner }) => {
    const { name, region } = buckets.get(Bucket, ExpectedBucketOwner);
    return {
      BucketRegion: region,
      BucketArn: `arn:${partitionOf(region)}:s3:::${name}`,
      AccessPointAlias: false,
    };
  };

type LocationConstraint = import('@aws-sdk/client-s3').BucketLocationConstraint;

export const getBucketLocation =
  ({ buckets }: Storage): HandlerOf<S3, 'GetBucketLocation'> =>
  ({ Bucket, ExpectedBucketOwner }) => ({
    LocationConstraint: constraintOf(buckets.get(Bucket, ExpectedBucketOwner).region) as
      | LocationConstraint
      | undefined,
  });
