import { partitionOf } from '../../../aws/scope.ts';
import { constraintOf } from '../domain/location.ts';
import type { Operation } from '../sdk.ts';

/** Throws NoSuchBucket. */
export const HeadBucket: Operation<'HeadBucket'> = ({ buckets }, { Bucket, ExpectedBucketOwner }) => {
  const { name, region } = buckets.get(Bucket, ExpectedBucketOwner);
  return {
    BucketRegion: region,
    BucketArn: `arn:${partitionOf(region)}:s3:::${name}`,
    AccessPointAlias: false,
  };
};

type LocationConstraint = import('@aws-sdk/client-s3').BucketLocationConstraint;

/** Throws NoSuchBucket. */
export const GetBucketLocation: Operation<'GetBucketLocation'> = (
  { buckets },
  { Bucket, ExpectedBucketOwner },
) => ({
  LocationConstraint: constraintOf(buckets.get(Bucket, ExpectedBucketOwner).region) as
    | LocationConstraint
    | undefined,
});
