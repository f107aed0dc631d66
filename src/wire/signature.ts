// What a request's signature tells: who calls, in which region, which service. It is read, never verified.

import { accountOfAccessKey } from '../aws/access-key.ts';
import { DEFAULT_ACCOUNT_ID } from '../aws/scope.ts';
import { Fault } from './fault.ts';
import type { RequestHead } from './request.ts';

export interface Signature {
  accessKeyId: string;
  /** Absent from signatures of version 2. */
  service: string | undefined;
  /** Absent from signatures for several regions (SigV4A). */
  region: string | undefined;
}

const REGION = /^[a-z0-9-]{1,40}$/;

/** From the Authorization header or a presigned URL; `undefined` for a request that is not signed. */
export function readSignature(head: RequestHead): Signature | undefined {
  const credential = /\bCredential=([^,\s]+)/.exec(head.headers.authorization ?? '')?.[1];
  const scope = credential ?? head.url.searchParams.get('X-Amz-Credential') ?? undefined;
  if (scope === undefined) return readOldSignature(head);
  const parts = scope.split('/');
  // An access key may hold slashes; the scope behind it has a fixed number of parts.
  const isForManyRegions = /^AWS4-ECDSA/.test(head.headers.authorization ?? '');
  const [accessKeyId, service, region] = isForManyRegions
    ? [parts.slice(0, -3).join('/'), parts.at(-2), undefined]
    : [parts.slice(0, -4).join('/'), parts.at(-2), parts.at(-3)];
  if (!accessKeyId || !service || (region !== undefined && !REGION.test(region))) {
    throw new Fault(
      'IncompleteSignature',
      "Credential must have the form '<access key>/<date>/<region>/<service>/aws4_request'.",
    );
  }
  return { accessKeyId, service, region };
}

// AWS: signatures of version 2 name neither service nor region.
function readOldSignature({ headers, url }: RequestHead): Signature | undefined {
  const accessKeyId =
    /^AWS ([^:\s]+):\S+$/.exec(headers.authorization ?? '')?.[1] ??
    (url.searchParams.has('Signature') ? url.searchParams.get('AWSAccessKeyId') : undefined);
  return accessKeyId ? { accessKeyId, service: undefined, region: undefined } : undefined;
}

export const accountOf = (signature: Signature | undefined): string =>
  signature ? accountOfAccessKey(signature.accessKeyId) : DEFAULT_ACCOUNT_ID;

/** What temporary credentials send along with the signature. */
export function sessionTokenOf({ headers, url }: RequestHead): string | undefined {
  const header = headers['x-amz-security-token'];
  return typeof header === 'string' ? header : (url.searchParams.get('X-Amz-Security-Token') ?? undefined);
}
