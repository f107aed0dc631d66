// Conditional requests: which of the four headers decides, and how.

import { notModified, preconditionFailed } from '../faults/objects.ts';
import { headerNotImplemented } from '../faults/requests.ts';

export interface ReadConditions {
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
  ifModifiedSince?: Date | undefined;
  ifUnmodifiedSince?: Date | undefined;
}

interface Subject {
  etag: string;
  /** Milliseconds. */
  lastModified: number;
}

/** Whether the header (a list of tags, or `*`) has this one; weak and unquoted tags are taken too. */
function names(header: string, etag: string): boolean {
  return header.split(',').some((tag) => {
    const bare = tag
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return bare === '*' || bare === etag;
  });
}

/** Which condition fails; dates count only where no tag has decided. */
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

/** Throws PreconditionFailed (412), or NotModified (304) for a reader who has what there is. */
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

/** As checkRead, for the source of a copy: all failures are PreconditionFailed. */
export function checkCopySource(conditions: ReadConditions, subject: Subject): void {
  const failed = failing(conditions, subject);
  if (failed) throw preconditionFailed(`x-amz-copy-source-${failed}`);
}

export type WriteConditions = Pick<ReadConditions, 'ifMatch' | 'ifNoneMatch'>;

/** Which conditions uploads may have. Throws NotImplemented, as AWS does. */
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

/** Whether what is there now may be replaced or deleted. Throws PreconditionFailed. */
export function checkWrite(
  { ifMatch, ifNoneMatch }: WriteConditions,
  present: Pick<Subject, 'etag'> | undefined,
): void {
  if (ifNoneMatch !== undefined && present && names(ifNoneMatch, present.etag))
    throw preconditionFailed('If-None-Match');
  if (ifMatch !== undefined && present && !names(ifMatch, present.etag)) throw preconditionFailed('If-Match');
}
