// An object stored in one go.

import type { HandlerOf } from '../../../wire/service.ts';
import { ENCRYPTION, quoted, readDescription, showChecksum } from '../description.ts';
import { checkKey } from '../domain/names.ts';
import { type Body, keeping, receiveContent } from '../receive.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';
import { checkReplacement, shownVersionId, storeObject } from '../versions.ts';

export const putObject =
  (storage: Storage): HandlerOf<S3, 'PutObject'> =>
  async (input) => {
    const { Bucket, Key, Body, ExpectedBucketOwner, IfMatch, IfNoneMatch } = input;
    storage.buckets.get(Bucket, ExpectedBucketOwner);
    checkKey(Key);
    const description = readDescription(input);
    const conditions = { ifMatch: IfMatch, ifNoneMatch: IfNoneMatch };
    checkReplacement(storage, Bucket, Key, conditions);
    const content = await receiveContent(storage, Body as Body, input);
    const { bucket, versionId } = keeping(storage, content, () =>
      storeObject(storage, { bucket: Bucket, key: Key, content, description }, conditions),
    );
    return {
      ETag: quoted(content.etag),
      ...showChecksum(content.checksum),
      VersionId: shownVersionId(bucket, versionId),
      ...ENCRYPTION,
    };
  };
