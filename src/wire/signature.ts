// Reads the access key, the region and the service from a request's signature. The signature is not verified.

import { accountOfAccessKey } from '../aws/access-key.ts';
import { DEFAULT_ACCOUNT_ID } from '../aws/scope.ts';
import { Fault } from './fault.ts';
import type { RequestHead } from './request.ts';

/** The scope of a signature. */
export interface Signature {
  accessKeyId: string;
  /** Absent in Signature Version 2. */
  service: string | undefined;
  /** Absent in Signature Version 2, and in SigV4A, which is for several regions. */
  region: string | undefined;
}

const REGION = /^[a-z0-9-]{1,40}$/;

/**
 * Reads the Authorization header or the query of a presigned URL; `undefined` for an unsigned request. Throws
 * IncompleteSignature.
 */
export function readSignature(head: RequestHead): Signature | undefined {
  const credential = /\bCredential=([^,\s]+)/.exec(head.headers.authorization ?? '')?.[1];
  const scope = credential ?? head.url.searchParams.get('X-Amz-Credential') ?? undefined;
  if (scope === undefined) return readOldSignature(head);
  const parts = scope.split('/');
  // An access key may contain slashes. The scope after it has a fixed number of parts.
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

// AWS: Signature Version 2 names neither service nor region.
function readOldSignature({ headers, url }: RequestHead): Signature | undefined {
  const accessKeyId =
    /^AWS ([^:\s]+):\S+$/.exec(headers.authorization ?? '')?.[1] ??
    (url.searchParams.has('Signature') ? url.searchParams.get('AWSAccessKeyId') : undefined);
  return accessKeyId ? { accessKeyId, service: undefined, region: undefined } : undefined;
}

/** The account of the access key; the default account for an unsigned request. */
export const accountOf = (signature: Signature | undefined): string =>
  signature ? accountOfAccessKey(signature.accessKeyId) : DEFAULT_ACCOUNT_ID;

/** The session token of temporary credentials, from the header or the query. */
export function sessionTokenOf({ headers, url }: RequestHead): string | undefined {
  const header = headers['x-amz-security-token'];
  return typeof header === 'string' ? header : (url.searchParams.get('X-Amz-Security-Token') ?? undefined);
}
