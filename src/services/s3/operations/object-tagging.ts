// The tags of one version of an object.

import type { HandlerOf } from '../../../wire/service.ts';
import type { LiveVersion, Tag } from '../domain/records.ts';
import { checkTags, MAX_OBJECT_TAGS } from '../domain/tags.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';
import { findDescribed, shownVersionId } from '../versions.ts';

interface Target {
  Bucket: string;
  Key: string;
  VersionId?: string | undefined;
  ExpectedBucketOwner?: string | undefined;
}

function find(storage: Storage, target: Target, method: string) {
  const { Bucket, Key, VersionId, ExpectedBucketOwner } = target;
  const bucket = storage.buckets.get(Bucket, ExpectedBucketOwner);
  const version: LiveVersion = findDescribed(storage, bucket, Key, VersionId, method);
  return { version, shown: { VersionId: shownVersionId(bucket, version.versionId) } };
}

function replace(storage: Storage, target: Target, tags: Tag[], method: string) {
  return storage.change(() => {
    const { version, shown } = find(storage, target, method);
    storage.objects.update({ ...version, description: { ...version.description, tags } });
    return shown;
  });
}

export const getObjectTagging =
  (storage: Storage): HandlerOf<S3, 'GetObjectTagging'> =>
  (input) => {
    const { version, shown } = find(storage, input, 'GET');
    return { ...shown, TagSet: version.description.tags };
  };

export const putObjectTagging =
  (storage: Storage): HandlerOf<S3, 'PutObjectTagging'> =>
  (input) =>
    replace(storage, input, checkTags(input.Tagging.TagSet ?? [], MAX_OBJECT_TAGS), 'PUT');

export const deleteObjectTagging =
  (storage: Storage): HandlerOf<S3, 'DeleteObjectTagging'> =>
  (input) =>
    replace(storage, input, [], 'DELETE');
