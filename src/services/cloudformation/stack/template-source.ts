// The template of a request: its body, or what lies under its URL, in any form in which S3 is addressed.

import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { CloudFormation } from '../context.ts';
import { badTemplateUrl, oneTemplateOnly, templateNotFetched, validationError } from '../faults.ts';
import { MAX_BODY_BYTES, MAX_OBJECT_BYTES } from '../template/parse.ts';

export interface TemplateWish {
  TemplateBody?: string | undefined;
  TemplateURL?: string | undefined;
}

/** Throws a ValidationError. */
export async function templateText(cf: CloudFormation, scope: Scope, wish: TemplateWish): Promise<string> {
  const { TemplateBody: body, TemplateURL: url } = wish;
  if ((body === undefined) === (url === undefined)) throw oneTemplateOnly();
  if (body !== undefined) {
    if (Buffer.byteLength(body) > MAX_BODY_BYTES) {
      throw validationError(
        `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${MAX_BODY_BYTES}`,
      );
    }
    return body;
  }
  return fetchTemplate(cf, scope, url!);
}

/** `sentences` say what S3 answered. Throws a ValidationError. */
export async function fetchTemplate(
  cf: CloudFormation,
  scope: Scope,
  url: string,
  sentences: ObjectSentences = TEMPLATE_SENTENCES,
): Promise<string> {
  const place = objectOf(url);
  if (!place) throw badTemplateUrl();
  const { bucket, key, versionId } = place;
  const input = { Bucket: bucket, Key: key, ...(versionId !== undefined && { VersionId: versionId }) };
  try {
    const { ContentLength = 0 } = await cf.neighbours.s3.call('HeadObject', input, scope);
    if (ContentLength > MAX_OBJECT_BYTES) {
      throw validationError(`Template may not exceed ${MAX_OBJECT_BYTES} bytes in size.`);
    }
    const { Body } = await cf.neighbours.s3.call('GetObject', input, scope);
    return typeof Body === 'string' ? Body : new TextDecoder().decode(Body as Uint8Array);
  } catch (error) {
    if (!(error instanceof Fault) || error.shape === 'ValidationError') throw error;
    throw sentences(error, place);
  }
}

type ObjectSentences = (error: Fault, place: ObjectPlace) => Fault;

const TEMPLATE_SENTENCES: ObjectSentences = (error, { bucket }) => {
  switch (error.shape) {
    case 'NoSuchKey':
    case 'NotFound':
      return templateNotFetched('The specified key does not exist.');
    case 'NoSuchBucket':
      return templateNotFetched(`The specified bucket does not exist (${bucket}).`);
    default:
      return templateNotFetched(error.message);
  }
};

/** AWS: what AWS::Include says of a bucket that is missing; of a key, our own. */
export const INCLUDE_SENTENCES: ObjectSentences = (error, { bucket, key }) => {
  switch (error.shape) {
    case 'NoSuchKey':
    case 'NotFound':
      return validationError(`S3 key [${key}] does not exist in bucket [${bucket}].`);
    case 'NoSuchBucket':
      return validationError(`S3 bucket [${bucket}] does not exist.`);
    default:
      return validationError(error.message);
  }
};

export interface ObjectPlace {
  bucket: string;
  key: string;
  versionId?: string | undefined;
}

const S3_HOST =
  /^(?:(?<bucket>.+)\.)?s3(?:[.-](?<region>[a-z]{2}(?:-[a-z]+)+-\d))?(?:\.dualstack(?:\.[a-z0-9-]+)?)?\.amazonaws\.com(?:\.cn)?$/;

/**
 * `https://bucket.s3.amazonaws.com/key`, with a region, with a dash, path style, `s3://bucket/key`, and the same of
 * Millpond's own address (`http://127.0.0.1:4566/bucket/key`, `http://bucket.s3.localhost:4566/key`).
 */
export function objectOf(url: string): ObjectPlace | undefined {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return undefined;
  }
  const versionId = parsed.searchParams.get('versionId') ?? undefined;
  const path = safelyDecoded(parsed.pathname.slice(1));
  if (path === undefined) return undefined;
  if (parsed.protocol === 's3:') return place(parsed.hostname, path, versionId);
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return undefined;
  const bucket = bucketOfHost(parsed.hostname);
  if (bucket === undefined) return undefined;
  if (bucket !== '') return place(bucket, path, versionId);
  const slash = path.indexOf('/');
  return slash < 0 ? undefined : place(path.slice(0, slash), path.slice(slash + 1), versionId);
}

const place = (bucket: string, key: string, versionId: string | undefined): ObjectPlace | undefined =>
  bucket === '' || key === '' ? undefined : { bucket, key, versionId };

/** Empty: the bucket stands in the path. `undefined`: no host of S3's. */
function bucketOfHost(host: string): string | undefined {
  const aws = S3_HOST.exec(host);
  if (aws) return aws.groups?.bucket ?? '';
  const local = /^(?:(.+?)\.)?(?:s3\.)?localhost$/.exec(host);
  if (local) return local[1] === 's3' ? '' : (local[1] ?? '');
  return /^127\.\d+\.\d+\.\d+$/.test(host) || host === '[::1]' ? '' : undefined;
}

function safelyDecoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path.replaceAll('+', '%2B'));
  } catch {
    return undefined;
  }
}
