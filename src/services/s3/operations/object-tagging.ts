// Tags of a version of an object.

import type { S3 } from '../context.ts';
import type { LiveVersion, Tag } from '../domain/records.ts';
import { checkTags, MAX_OBJECT_TAGS } from '../domain/tags.ts';
import type { Operation } from '../sdk.ts';
import { findDescribed, shownVersionId } from '../versions.ts';

interface Target {
  Bucket: string;
  Key: string;
  VersionId?: string | undefined;
  ExpectedBucketOwner?: string | undefined;
}

function find(s3: S3, target: Target, method: string) {
  const { Bucket, Key, VersionId, ExpectedBucketOwner } = target;
  const bucket = s3.buckets.get(Bucket, ExpectedBucketOwner);
  const version: LiveVersion = findDescribed(s3, bucket, Key, VersionId, method);
  return { version, shown: { VersionId: shownVersionId(bucket, version.versionId) } };
}

function replace(s3: S3, target: Target, tags: Tag[], method: string) {
  return s3.change(() => {
    const { version, shown } = find(s3, target, method);
    s3.objects.update({ ...version, description: { ...version.description, tags } });
    return shown;
  });
}

/** Throws NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed. */
export const GetObjectTagging: Operation<'GetObjectTagging'> = (s3, input) => {
  const { version, shown } = find(s3, input, 'GET');
  return { ...shown, TagSet: version.description.tags };
};

/** As GetObjectTagging; also throws InvalidTag, BadRequest. */
export const PutObjectTagging: Operation<'PutObjectTagging'> = (s3, input) =>
  replace(s3, input, checkTags(input.Tagging.TagSet ?? [], MAX_OBJECT_TAGS), 'PUT');

/** As GetObjectTagging. */
export const DeleteObjectTagging: Operation<'DeleteObjectTagging'> = (s3, input) =>
  replace(s3, input, [], 'DELETE');
