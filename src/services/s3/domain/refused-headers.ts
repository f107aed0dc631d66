// Headers that have a meaning on AWS and would have no effect here. They are refused by name. Pure.

import { headerNotImplemented } from '../faults/requests.ts';

/**
 * By the member that has the header's value. AWS: most are for directory buckets only and are refused for other
 * buckets.
 */
const REFUSED: Record<string, string> = {
  WriteOffsetBytes: 'x-amz-write-offset-bytes',
  IfMatchLastModifiedTime: 'x-amz-if-match-last-modified-time',
  IfMatchSize: 'x-amz-if-match-size',
  IfMatchInitiatedTime: 'x-amz-if-match-initiated-time',
  MFA: 'x-amz-mfa',
};

/** Throws NotImplemented if the input has one of these headers. */
export function refuseHeaders(input: object): void {
  for (const [member, header] of Object.entries(REFUSED)) {
    if (input[member as never] !== undefined) throw headerNotImplemented(header);
  }
}
