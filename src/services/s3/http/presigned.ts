// Checks the expiry of presigned URLs. The signature is not verified. Pure: the time is an argument.

import { Fault } from '../../../wire/fault.ts';
import type { RequestHead } from '../../../wire/request.ts';

const WEEK_SECONDS = 604_800;
const REQUIRED = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-Date',
  'X-Amz-SignedHeaders',
  'X-Amz-Expires',
];
const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Throws S3's Fault for a URL that has expired or whose expiry is invalid. `now` is in ms since the epoch. */
export function refuseExpired({ url }: RequestHead, now: number): void {
  const query = url.searchParams;
  if (query.has('X-Amz-Signature') || query.has('X-Amz-Algorithm')) refuseExpiredV4(query, now);
  else if (query.has('Signature') && query.has('AWSAccessKeyId')) refuseExpiredV2(query, now);
}

function refuseExpiredV4(query: URLSearchParams, now: number): void {
  if (!REQUIRED.every((name) => query.has(name))) {
    throw wrong(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  }
  const [, year, month, day, hour, minute, second] = DATE.exec(query.get('X-Amz-Date')!) ?? [];
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signedAt))
    throw wrong("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const text = query.get('X-Amz-Expires')!;
  if (!/^-?\d{1,15}$/.test(text)) throw wrong('X-Amz-Expires should be a number');
  const seconds = Number(text);
  if (seconds < 0) throw wrong('X-Amz-Expires must be non-negative');
  if (seconds > WEEK_SECONDS)
    throw wrong('X-Amz-Expires must be less than a week (in seconds) that is 604800');
  const expiresAt = signedAt + seconds * 1000;
  if (now > expiresAt) throw expired(expiresAt, now, { 'X-Amz-Expires': seconds });
}

function refuseExpiredV2(query: URLSearchParams, now: number): void {
  const text = query.get('Expires') ?? '';
  if (!/^\d{1,12}$/.test(text)) {
    throw new Fault('AccessDenied', `Invalid date (should be seconds since epoch): ${text.slice(0, 100)}`, {
      status: 403,
    });
  }
  if (now > Number(text) * 1000) throw expired(Number(text) * 1000, now, {});
}

const wrong = (message: string) => new Fault('AuthorizationQueryParametersError', message);

const expired = (expiresAt: number, now: number, members: Record<string, unknown>) =>
  new Fault('AccessDenied', 'Request has expired', {
    status: 403,
    members: {
      ...members,
      Expires: new Date(expiresAt).toISOString(),
      ServerTime: new Date(now).toISOString(),
    },
  });
