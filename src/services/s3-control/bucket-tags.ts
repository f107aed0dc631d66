// Adds and removes single tags of buckets. S3 can only replace all tags of a bucket, so changes to one bucket run one
// after the other.

import { parseArn } from '../../aws/arn.ts';
import type { Scope } from '../../aws/scope.ts';
import { describeViolation, type GivenTags, listTags, type Tags, taggingBy } from '../../aws/tags.ts';
import type { Client } from '../../wire/client.ts';
import { Fault } from '../../wire/fault.ts';

export type S3Client = Client<typeof import('@aws-sdk/client-s3')>;

/** How a request names a bucket. `AccountId` is the expected owner. */
export interface Named {
  AccountId?: string | undefined;
  ResourceArn: string;
}

/**
 * All methods throw what S3 throws: NoSuchBucket, and AccessDenied for a bucket of another account. InvalidRequest:
 * the ARN is not a bucket's.
 */
export interface BucketTags {
  list(named: Named, scope: Scope): Promise<{ Key: string; Value: string }[]>;
  add(named: Named, scope: Scope, given: GivenTags): Promise<void>;
  remove(named: Named, scope: Scope, keys: readonly string[]): Promise<void>;
}

const MOST_TAGS = 50;
const MOST_SHOWN = 200;

const invalid = (message: string): Fault => new Fault('InvalidRequest', message, { status: 400 });

const tagging = taggingBy({
  most: MOST_TAGS,
  fault: (violation) => new Fault('InvalidTag', describeViolation(violation), { status: 400 }),
});

/** Reads and writes the tags through S3's API. */
export function openBucketTags(s3: S3Client): BucketTags {
  /** Bucket -> the end of its last queued change. */
  const changing = new Map<string, Promise<void>>();

  async function read(bucket: Bucket, scope: Scope): Promise<Tags> {
    try {
      const { TagSet = [] } = await s3.call('GetBucketTagging', bucket, scope);
      return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
    } catch (error) {
      if (error instanceof Fault && error.shape === 'NoSuchTagSet') return {};
      throw error;
    }
  }

  async function write(bucket: Bucket, scope: Scope, tags: Tags): Promise<void> {
    await s3.call('PutBucketTagging', { ...bucket, Tagging: { TagSet: listTags(tags) } }, scope);
  }

  async function change(named: Named, scope: Scope, apply: (held: Tags) => Tags): Promise<void> {
    const bucket = bucketOf(named);
    const before = changing.get(bucket.Bucket) ?? Promise.resolve();
    const work = before.then(async () => {
      await write(bucket, scope, apply(await read(bucket, scope)));
    });
    const end = work.catch(() => {});
    changing.set(bucket.Bucket, end);
    try {
      await work;
    } finally {
      if (changing.get(bucket.Bucket) === end) changing.delete(bucket.Bucket);
    }
  }

  return {
    list: async (named, scope) => listTags(await read(bucketOf(named), scope)),
    add: (named, scope, given) => change(named, scope, (held) => tagging.add(held, given)),
    remove: (named, scope, keys) => change(named, scope, (held) => tagging.remove(held, keys)),
  };
}

interface Bucket {
  Bucket: string;
  ExpectedBucketOwner: string | undefined;
}

function bucketOf({ AccountId, ResourceArn }: Named): Bucket {
  const { service, region, accountId, resource } = parseArn(ResourceArn) ?? {};
  const isBucket = service === 's3' && region === '' && accountId === '' && /^[^/:]+$/.test(resource ?? '');
  if (!isBucket) {
    throw invalid(
      `Millpond supports these tags only for general purpose buckets, and ${ResourceArn.slice(0, MOST_SHOWN)} is not the ARN of one.`,
    );
  }
  return { Bucket: resource!, ExpectedBucketOwner: AccountId };
}
