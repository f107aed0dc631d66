// Puts, gets and deletes one setting of a bucket, as its row of the table says.

import type { RequestContext } from '../../../wire/service.ts';
import type { S3 } from '../context.ts';
import { noSuchConfiguration } from '../faults/buckets.ts';
import { missingRequestBody } from '../faults/requests.ts';
import { type Member, SETTINGS, type Setting, type Shape } from './table.ts';

/** Throws NoSuchBucket, MissingRequestBodyError and the errors of the row's `accept`. */
export function putSetting(s3: S3, member: Member, input: Shape, { isService }: RequestContext): Shape {
  const { accept = (value) => value, required = true }: Setting = SETTINGS[member];
  const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  const value = input[member];
  if (value === undefined && required) throw missingRequestBody();
  const tagger = isService ? { isService } : {};
  const kept = accept(value ?? {}, { input, bucket, s3, tagger });
  keep(s3, member, input, kept);
  const minimum = kept?.TransitionDefaultMinimumObjectSize;
  return minimum === undefined ? {} : { TransitionDefaultMinimumObjectSize: minimum };
}

/** Throws NoSuchBucket, and the row's `absent` error if the setting is not set. */
export function getSetting(s3: S3, member: Member, input: Shape): Shape {
  const { absent, show = (value: Shape) => ({ [member]: value }) }: Setting = SETTINGS[member];
  const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  const kept = s3.buckets.setting(bucket, member);
  if (kept !== undefined) return show(kept);
  if (typeof absent === 'function') return show(absent(bucket));
  throw noSuchConfiguration(...absent, bucket.name);
}

/** A setting that is not set is not an error. Throws NoSuchBucket. */
export const deleteSetting = (s3: S3, member: Member, input: Shape): Shape =>
  keep(s3, member, input, undefined);

function keep({ buckets, change }: S3, member: Member, input: Shape, value: unknown): Shape {
  return change(() => {
    buckets.setSetting(buckets.get(input.Bucket, input.ExpectedBucketOwner), member, value);
    return {};
  });
}
