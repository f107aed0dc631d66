// An object stored in one go.

import type { HandlerOf } from '../../../wire/service.ts';
import { quoted, readDescription, showChecksum } from '../description.ts';
import { checkWriteConditions } from '../domain/conditions.ts';
import { showEncryption } from '../domain/encryption.ts';
import { checkKey } from '../domain/names.ts';
import { protectionOf } from '../domain/protection.ts';
import { refuseHeaders } from '../domain/refused-headers.ts';
import { type Body, keeping, receiveContent } from '../receive.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';
import { checkReplacement, shownVersionId, storeObject } from '../versions.ts';

export const putObject =
  (storage: Storage): HandlerOf<S3, 'PutObject'> =>
  async (input) => {
    const { Bucket, Key, Body, ExpectedBucketOwner, IfMatch, IfNoneMatch } = input;
    const before = storage.buckets.get(Bucket, ExpectedBucketOwner);
    checkKey(Key);
    refuseHeaders(input);
    const description = readDescription(input);
    const protection = protectionOf(before, input, storage.now());
    const conditions = { ifMatch: IfMatch, ifNoneMatch: IfNoneMatch };
    checkWriteConditions(conditions);
    checkReplacement(storage, Bucket, Key, conditions);
    const content = await receiveContent(storage, Body as Body, input);
    const { bucket, versionId } = await keeping(storage, content, () =>
      storeObject(storage, { bucket: Bucket, key: Key, content, description, protection }, conditions),
    );
    return {
      ETag: quoted(content.etag),
      ...showChecksum(content.checksum),
      VersionId: shownVersionId(bucket, versionId),
      ...showEncryption(protection?.encryption),
    };
  };
