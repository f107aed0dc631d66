// Conditional requests: which of the four headers decides, and the errors. Pure.

import { notModified, preconditionFailed } from '../faults/objects.ts';
import { headerNotImplemented } from '../faults/requests.ts';

/** The conditional headers of a request. */
export interface ReadConditions {
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
  ifModifiedSince?: Date | undefined;
  ifUnmodifiedSince?: Date | undefined;
}

interface Subject {
  etag: string;
  /** Milliseconds since the epoch. */
  lastModified: number;
}

/** Whether the header, a list of ETags or `*`, matches this ETag. Weak and unquoted tags match, too. */
function names(header: string, etag: string): boolean {
  return header.split(',').some((tag) => {
    const bare = tag
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return bare === '*' || bare === etag;
  });
}

/** The condition that fails. A date counts only if the corresponding tag header is absent. */
function failing(conditions: ReadConditions, { etag, lastModified }: Subject): string | undefined {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!names(ifMatch, etag)) return 'If-Match';
  } else if (ifUnmodifiedSince && lastModified > ifUnmodifiedSince.getTime()) return 'If-Unmodified-Since';
  if (ifNoneMatch !== undefined) {
    if (names(ifNoneMatch, etag)) return 'If-None-Match';
  } else if (ifModifiedSince && lastModified <= ifModifiedSince.getTime()) return 'If-Modified-Since';
  return undefined;
}

/** Throws PreconditionFailed (412), or NotModified (304) if the reader has the current object. */
export function checkRead(conditions: ReadConditions, subject: Subject): void {
  const failed = failing(conditions, subject);
  if (failed === 'If-None-Match' || failed === 'If-Modified-Since') {
    throw notModified({
      etag: `"${subject.etag}"`,
      'last-modified': new Date(subject.lastModified).toUTCString(),
    });
  }
  if (failed) throw preconditionFailed(failed);
}

/** As `checkRead` for the source of a copy: every failure is PreconditionFailed. */
export function checkCopySource(conditions: ReadConditions, subject: Subject): void {
  const failed = failing(conditions, subject);
  if (failed) throw preconditionFailed(`x-amz-copy-source-${failed}`);
}

/** The conditional headers of an upload. */
export type WriteConditions = Pick<ReadConditions, 'ifMatch' | 'ifNoneMatch'>;

/** Checks that an upload can have these conditions. AWS: throws NotImplemented. */
export function checkWriteConditions({ ifMatch, ifNoneMatch }: WriteConditions): void {
  if (ifMatch !== undefined && ifNoneMatch !== undefined) {
    throw headerNotImplemented(
      'If-Match,If-None-Match',
      'Multiple conditional request headers present in the request',
    );
  }
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw notAccepted('If-None-Match');
  if (ifMatch === '*') throw notAccepted('If-Match');
}

const notAccepted = (header: string) =>
  headerNotImplemented(header, `We don't accept the provided value of ${header} header for this API`);

/** Checks that the present object may be replaced or deleted. Throws PreconditionFailed. */
export function checkWrite(
  { ifMatch, ifNoneMatch }: WriteConditions,
  present: Pick<Subject, 'etag'> | undefined,
): void {
  if (ifNoneMatch !== undefined && present && names(ifNoneMatch, present.etag))
    throw preconditionFailed('If-None-Match');
  if (ifMatch !== undefined && present && !names(ifMatch, present.etag)) throw preconditionFailed('If-Match');
}
