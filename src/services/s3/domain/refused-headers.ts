// Headers that mean something on AWS and would have no effect here. They are refused by name. Pure.

import { headerNotImplemented } from '../faults/requests.ts';

/** By the member that holds each. AWS: these are for directory buckets only, and refused for others as well. */
const REFUSED: Record<string, string> = {
  WriteOffsetBytes: 'x-amz-write-offset-bytes',
  IfMatchLastModifiedTime: 'x-amz-if-match-last-modified-time',
  IfMatchSize: 'x-amz-if-match-size',
  IfMatchInitiatedTime: 'x-amz-if-match-initiated-time',
  MFA: 'x-amz-mfa',
};

/** Throws NotImplemented. */
export function refuseHeaders(input: object): void {
  for (const [member, header] of Object.entries(REFUSED)) {
    if (input[member as never] !== undefined) throw headerNotImplemented(header);
  }
}
