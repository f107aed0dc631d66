// ListObjects and ListObjectsV2 are the same listing and differ in how a page continues: by key or by token.

import { pagesOf } from '../../../aws/pages.ts';
import type { S3 } from '../context.ts';
import { quoted } from '../description.ts';
import { checkMaxKeys, keyEncoder, listPage } from '../domain/listing.ts';
import { ownerOf } from '../domain/owner.ts';
import type { LiveVersion } from '../domain/records.ts';
import { invalidContinuationToken } from '../faults/requests.ts';
import type { Operation } from '../sdk.ts';

interface Query {
  Bucket: string;
  ExpectedBucketOwner?: string | undefined;
  Prefix?: string | undefined;
  Delimiter?: string | undefined;
  MaxKeys?: number | undefined;
  EncodingType?: string | undefined;
}

function list({ buckets, objects }: S3, query: Query, after: string | undefined, withOwner: boolean) {
  const { Bucket, Prefix = '', Delimiter = '' } = query;
  const { accountId, region } = buckets.get(Bucket, query.ExpectedBucketOwner);
  const limit = checkMaxKeys(query.MaxKeys);
  const encode = keyEncoder(query.EncodingType);
  const page = listPage<LiveVersion>((from, count, behind) => objects.list(Bucket, from, count, behind), {
    prefix: Prefix,
    delimiter: Delimiter,
    after: after || undefined,
    limit,
  });
  return {
    encode,
    page,
    common: {
      BucketRegion: region,
      Name: Bucket,
      Prefix: encode(Prefix),
      Delimiter: Delimiter === '' ? undefined : encode(Delimiter),
      MaxKeys: limit,
      EncodingType: query.EncodingType as 'url' | undefined,
      IsTruncated: page.isTruncated,
      Contents: page.items.map((version) => ({
        ...showEntry(version, encode),
        ...(withOwner ? { Owner: ownerOf(accountId) } : {}),
      })),
      CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    },
  };
}

/** One object as listings show it. */
export function showEntry(
  { key, lastModified, content, description }: LiveVersion,
  encode: (key: string) => string,
) {
  const { checksum } = content;
  return {
    Key: encode(key),
    LastModified: new Date(lastModified),
    ETag: quoted(content.etag),
    ...(checksum ? { ChecksumAlgorithm: [checksum.algorithm], ChecksumType: checksum.type } : {}),
    Size: content.size,
    StorageClass: (description.storageClass ?? 'STANDARD') as 'STANDARD',
  };
}

/** Throws NoSuchBucket, InvalidArgument. */
export const ListObjects: Operation<'ListObjects'> = (s3, input) => {
  const { encode, page, common } = list(s3, input, input.Marker, true);
  // AWS: without a delimiter NextMarker is absent, and the last key is the marker.
  const next = page.isTruncated && input.Delimiter ? page.last : undefined;
  return { ...common, Marker: encode(input.Marker ?? ''), NextMarker: next && encode(next) };
};

const pages = pagesOf({
  list: 's3 objects',
  invalidToken: invalidContinuationToken,
});

/** Throws NoSuchBucket, InvalidArgument. */
export const ListObjectsV2: Operation<'ListObjectsV2'> = (s3, input) => {
  const { ContinuationToken: token, StartAfter } = input;
  if (token === '') throw invalidContinuationToken();
  const after = pages.keyOf(token) ?? StartAfter;
  const { encode, page, common } = list(s3, input, after, input.FetchOwner === true);
  return {
    ...common,
    KeyCount: page.items.length + page.commonPrefixes.length,
    ContinuationToken: token,
    NextContinuationToken: page.isTruncated ? pages.tokenFor(page.last!) : undefined,
    // AWS: StartAfter is absent from answers to requests with a token.
    StartAfter: token !== undefined || StartAfter === undefined ? undefined : encode(StartAfter),
  };
};
