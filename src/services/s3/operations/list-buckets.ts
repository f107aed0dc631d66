import { type PageRequest, pagesOf } from '../../../aws/pages.ts';
import { partitionOf } from '../../../aws/scope.ts';
import { ownerOf } from '../domain/owner.ts';
import { invalidContinuationToken } from '../faults/requests.ts';
import type { Operation } from '../sdk.ts';

const MAX_BUCKETS = 10_000;

const pages = pagesOf({
  list: 's3 buckets',
  invalidToken: invalidContinuationToken,
});

/** The account's buckets, by name. Throws InvalidArgument. */
export const ListBuckets: Operation<'ListBuckets'> = async (
  { buckets },
  { MaxBuckets = MAX_BUCKETS, ContinuationToken, Prefix = '', BucketRegion },
  { accountId },
) => {
  const request: PageRequest = { limit: MaxBuckets, token: ContinuationToken };
  const { items, token } = await buckets.page(pages, {
    ...request,
    prefix: Prefix,
    wanted: (bucket) =>
      bucket.accountId === accountId && (BucketRegion === undefined || bucket.region === BucketRegion),
  });
  return {
    Owner: ownerOf(accountId),
    Buckets: items.map(({ name, createdAt, region }) => ({
      Name: name,
      CreationDate: new Date(createdAt),
      BucketRegion: region,
      BucketArn: `arn:${partitionOf(region)}:s3:::${name}`,
    })),
    Prefix: Prefix === '' ? undefined : Prefix,
    ContinuationToken: token,
  };
};
