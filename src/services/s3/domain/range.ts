// The bytes of an object that a request asks for: a range, or a part. Pure.

import { invalidPartNumber, invalidRange } from '../faults/objects.ts';
import { invalidArgument, invalidRequest, partNumberOutOfRange } from '../faults/requests.ts';
import type { Segment } from './records.ts';

/** A range of bytes with inclusive offsets. */
export interface Range {
  first: number;
  last: number;
}

const ONE_RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * Parses a Range header; `undefined` means the whole object. AWS: a header that is not a single range is ignored.
 * Throws InvalidRange if the object has no such bytes.
 */
export function parseRange(header: string | undefined, size: number): Range | undefined {
  const [, from, to] = ONE_RANGE.exec(header?.trim() ?? '') ?? [];
  if (header === undefined || from === undefined || to === undefined || (from === '' && to === ''))
    return undefined;
  if (from === '') {
    const length = Math.min(Number(to), size);
    if (length === 0) throw invalidRange(header, size);
    return { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) return undefined;
  if (first >= size) throw invalidRange(header, size);
  return { first, last };
}

/** The bytes of one part. Throws InvalidArgument, InvalidPartNumber. */
export function rangeOfPart(
  segments: readonly Segment[],
  partNumber: number,
  size: number,
): Range | undefined {
  const isInParts = segments.some((segment) => segment.partNumber !== undefined);
  const count = isInParts ? segments.length : 1;
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > 10_000) {
    throw partNumberOutOfRange(partNumber);
  }
  if (partNumber > count) throw invalidPartNumber(partNumber, count);
  if (!isInParts) return size === 0 ? undefined : { first: 0, last: size - 1 };
  const first = segments.slice(0, partNumber - 1).reduce((sum, segment) => sum + segment.size, 0);
  return { first, last: first + segments[partNumber - 1]!.size - 1 };
}

const COPY_RANGE = /^bytes=(\d{1,15})-(\d{1,15})$/;

/** Parses x-amz-copy-source-range, which has a strict form. Throws InvalidArgument, InvalidRequest. */
export function parseCopyRange(header: string, size: number): Range {
  const [, from, to] = COPY_RANGE.exec(header) ?? [];
  if (from === undefined || Number(to) < Number(from)) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      header,
    );
  }
  if (Number(from) >= size) {
    throw invalidRequest('The specified copy range is invalid for the source object size');
  }
  if (Number(to) >= size) {
    throw invalidArgument(
      `Range specified is not valid for source object of size: ${size}`,
      'x-amz-copy-source-range',
      header,
    );
  }
  return { first: Number(from), last: Number(to) };
}
