// AWS: S3's clients may put the bucket into the host name, and headers into the query. This file rewrites such requests
// to the form that routes and bindings expect: the bucket in the path, headers among the headers. Pure.

import { awsHostOf, hostOf } from '../../../wire/host-name.ts';
import type { RequestHead } from '../../../wire/request.ts';

const LOCAL = /\.localhost$/;

/** The query parameters of a signature. All other `x-amz-` parameters are headers. */
const SIGNATURE =
  /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256)$/;
/** AWS: presigners add the checksum of an empty body, because they do not know the real body. It is ignored. */
const CHECKSUM = /^x-amz-(checksum-|sdk-checksum-)/;

/** The bucket in the host name; `undefined` when the path has it. */
function bucketOfHost({ headers, serviceHost }: RequestHead): string | undefined {
  if (serviceHost !== undefined) return serviceHost.name;
  const known = awsHostOf(headers);
  if (known?.service === 's3') return known.bucket;
  const host = hostOf(headers);
  return LOCAL.test(host) ? host.replace(LOCAL, '') : undefined;
}

/** The request with its bucket in the path and its headers among the headers. */
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

/** The bucket in the path of a normalized request. It need not exist. */
export function bucketOf(path: string): string {
  const end = path.indexOf('/', 1);
  return path.slice(1, end < 0 ? undefined : end);
}
