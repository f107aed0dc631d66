// AWS: S3's clients say in the host name and the query what others say in the path and in headers. Here such
// requests are put into the one form that routes and bindings know. Pure.

import { awsHostOf, hostOf } from '../../../wire/host-name.ts';
import type { RequestHead } from '../../../wire/request.ts';

const LOCAL = /\.localhost$/;

/** Of the query, only the signature's own: all other `x-amz-` parameters stand for headers. */
const SIGNATURE =
  /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256)$/;
/** AWS: signers put in the checksum of the empty body that they signed, long before the real one is known. */
const CHECKSUM = /^x-amz-(checksum-|sdk-checksum-)/;

/** `undefined` where the bucket stands in the path. */
function bucketOfHost({ headers, serviceHost }: RequestHead): string | undefined {
  if (serviceHost !== undefined) return serviceHost.name;
  const known = awsHostOf(headers);
  if (known?.service === 's3') return known.bucket;
  const host = hostOf(headers);
  return LOCAL.test(host) ? host.replace(LOCAL, '') : undefined;
}

/** A request to S3 with its bucket in the path and its headers among the headers. */
export function normalize(head: RequestHead): RequestHead {
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
export function bucketOf(path: string): string {
  const end = path.indexOf('/', 1);
  return path.slice(1, end < 0 ? undefined : end);
}
