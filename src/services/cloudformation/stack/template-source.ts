// Reads the template of a request: its body, or the S3 object at its URL in any form of S3 address.

import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { CloudFormation } from '../context.ts';
import { badTemplateUrl, oneTemplateOnly, templateNotFetched, validationError } from '../faults.ts';
import { MAX_BODY_BYTES, MAX_OBJECT_BYTES } from '../template/parse.ts';

/** The members of a request that say where its template is. */
export interface TemplateInput {
  TemplateBody?: string | undefined;
  TemplateURL?: string | undefined;
}

/** The template's text. Rejects with a ValidationError when it is missing, given twice, or too large. */
export async function templateText(
  cf: CloudFormation,
  scope: Scope,
  { TemplateBody: body, TemplateURL: url }: TemplateInput,
): Promise<string> {
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

/** Fetches the object. `sentences` words S3's errors. Rejects with a ValidationError. */
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

/** AWS: how AWS::Include words a missing bucket. The text for a missing key is our own. */
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

/** An object in S3. */
export interface ObjectPlace {
  bucket: string;
  key: string;
  versionId?: string | undefined;
}

const S3_HOST =
  /^(?:(?<bucket>.+)\.)?s3(?:[.-](?<region>[a-z]{2}(?:-[a-z]+)+-\d))?(?:\.dualstack(?:\.[a-z0-9-]+)?)?\.amazonaws\.com(?:\.cn)?$/;

/**
 * Parses `https://bucket.s3.amazonaws.com/key`, the forms with a region, with a dash and in path style,
 * `s3://bucket/key`, and Millpond's own (`http://127.0.0.1:4566/bucket/key`, `http://bucket.s3.localhost:4566/key`).
 * `undefined`: none of them.
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

/** Empty: the path contains the bucket. `undefined`: the host is not one of S3. */
function bucketOfHost(host: string): string | undefined {
  const aws = S3_HOST.exec(host);
  if (aws) return aws.groups?.bucket ?? '';
  const local = /^(?:(.+?)\.)?(?:s3\.)?localhost$/.exec(host);
  if (local) return local[1] === 's3' ? '' : (local[1] ?? '');
  return /^(127\.\d+\.\d+\.\d+|169\.254\.169\.253)$/.test(host) || host === '[::1]' ? '' : undefined;
}

function safelyDecoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path.replaceAll('+', '%2B'));
  } catch {
    return undefined;
  }
}
