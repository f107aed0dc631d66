// The caller's buckets, of all regions, by name.

import { pageOf } from '../../../kernel/paging.ts';
import { partitionOf } from '../../../kernel/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { invalidArgument } from '../faults.ts';
import { ownerOf } from '../owner.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';

const MAX_BUCKETS = 10_000;

export const listBuckets =
  ({ buckets }: Storage): HandlerOf<S3, 'ListBuckets'> =>
  ({ MaxBuckets = MAX_BUCKETS, ContinuationToken, Prefix, BucketRegion }, { accountId }) => {
    if (!Number.isInteger(MaxBuckets) || MaxBuckets < 1 || MaxBuckets > MAX_BUCKETS) {
      throw invalidArgument(
        `Argument max-buckets must be an integer between 1 and ${MAX_BUCKETS}`,
        'max-buckets',
        MaxBuckets,
      );
    }
    const matching = buckets
      .ownedBy(accountId)
      .filter(({ name }) => name.startsWith(Prefix ?? ''))
      .filter(({ region }) => BucketRegion === undefined || region === BucketRegion);
    const { items, marker } = pageOf(matching, ({ name }) => name, MaxBuckets, ContinuationToken);
    return {
      Owner: ownerOf(accountId),
      Buckets: items.map(({ name, createdAt, region }) => ({
        Name: name,
        CreationDate: new Date(createdAt),
        BucketRegion: region,
        BucketArn: `arn:${partitionOf(region)}:s3:::${name}`,
      })),
      Prefix,
      ContinuationToken: marker,
    };
  };
