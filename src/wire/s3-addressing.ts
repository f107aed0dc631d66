// AWS: S3's clients say in the host name and the query what others say in the path and in headers. Here such
// requests are put into the one form that routes and bindings know. Pure.

import type { IncomingHttpHeaders } from 'node:http';
import { type AwsHost, parseAwsHost } from '../aws/hosts.ts';
import type { RequestHead } from './request.ts';

const LOCAL = /\.localhost$/;

/** Of the query, only the signature's own: all other `x-amz-` parameters stand for headers. */
const SIGNATURE =
  /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256)$/;
/** AWS: signers put in the checksum of the empty body that they signed, long before the real one is known. */
const CHECKSUM = /^x-amz-(checksum-|sdk-checksum-)/;

const hostOf = (headers: IncomingHttpHeaders): string =>
  (headers.host ?? '').replace(/:\d*$/, '').toLowerCase();

/** What the host name alone says: `sts.amazonaws.com`, `bucket.s3.us-east-1.amazonaws.com`, `s3.localhost`. */
export const awsHostOf = (headers: IncomingHttpHeaders): AwsHost | undefined =>
  parseAwsHost(hostOf(headers).replace(LOCAL, '.amazonaws.com'));

export const isS3Host = ({ headers, bucketHost }: RequestHead): boolean =>
  bucketHost !== undefined || awsHostOf(headers)?.service === 's3';

/** `undefined` where the bucket stands in the path. */
function bucketOfHost({ headers, bucketHost }: RequestHead): string | undefined {
  if (bucketHost !== undefined) return bucketHost;
  const known = awsHostOf(headers);
  if (known?.service === 's3') return known.bucket;
  const host = hostOf(headers);
  return LOCAL.test(host) ? host.replace(LOCAL, '') : undefined;
}

/** A request to S3 with its bucket in the path and its headers among the headers. */
export function inPlainForm(head: RequestHead): RequestHead {
  const bucket = bucketOfHost(head);
  const headers = { ...head.headers };
  for (const [name, value] of head.url.searchParams) {
    const header = name.toLowerCase();
    if (!header.startsWith('x-amz-') || SIGNATURE.test(header) || CHECKSUM.test(header)) continue;
    headers[header] ??= value;
  }
  return { ...head, headers, path: bucket === undefined ? head.path : `/${bucket}${head.path}` };
}

/** The bucket that a request in plain form names in its path, whether or not there is one. */
export function bucketOf({ path }: RequestHead): string {
  const end = path.indexOf('/', 1);
  return path.slice(1, end < 0 ? undefined : end);
}
