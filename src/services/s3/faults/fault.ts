// Makes the errors of this folder. Most are not in S3's model, so each states its status. Its members (bucket, key and
// so on) are sent with it, as S3 does.

import { Fault } from '../../../wire/fault.ts';

type Members = Record<string, unknown>;

/** An error with S3's code, status and text. Members that are `undefined` are omitted. */
export const fault = (
  code: string,
  status: number,
  message: string,
  members: Members = {},
  headers: Record<string, string> = {},
): Fault => {
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  return new Fault(code, message, { status, members: Object.fromEntries(given), headers });
};
