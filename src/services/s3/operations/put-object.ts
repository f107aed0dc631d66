import { quoted, readDescription, showChecksum } from '../description.ts';
import { checkWriteConditions } from '../domain/conditions.ts';
import { showEncryption } from '../domain/encryption.ts';
import { checkKey } from '../domain/names.ts';
import { protectionOf } from '../domain/protection.ts';
import { refuseHeaders } from '../domain/refused-headers.ts';
import { type Body, receiveContent, storeOrDiscard } from '../receive.ts';
import type { Operation } from '../sdk.ts';
import { checkReplacement, shownVersionId, storeObject } from '../versions.ts';

/**
 * Throws NoSuchBucket, PreconditionFailed, BadDigest, EntityTooLarge, IncompleteBody and the errors of the description.
 */
export const PutObject: Operation<'PutObject'> = async (s3, input) => {
  const { Bucket, Key, Body, ExpectedBucketOwner, IfMatch, IfNoneMatch } = input;
  const before = s3.buckets.get(Bucket, ExpectedBucketOwner);
  checkKey(Key);
  refuseHeaders(input);
  const description = readDescription(input);
  const protection = protectionOf(before, input, s3.now());
  const conditions = { ifMatch: IfMatch, ifNoneMatch: IfNoneMatch };
  checkWriteConditions(conditions);
  checkReplacement(s3, Bucket, Key, conditions);
  const content = await receiveContent(s3, Body as Body, input);
  const { bucket, versionId } = await storeOrDiscard(s3, content, () =>
    storeObject(s3, { bucket: Bucket, key: Key, content, description, protection }, conditions),
  );
  return {
    ETag: quoted(content.etag),
    ...showChecksum(content.checksum),
    VersionId: shownVersionId(bucket, versionId),
    ...showEncryption(protection?.encryption),
  };
};
