// How the refusals of S3 in this folder are made, each in its own words. Most are not in the model, so that the status
// stands here too; what an error is about (bucket, key…) goes with it as S3 sends it.

import { Fault } from '../../../wire/fault.ts';

type Members = Record<string, unknown>;

export const fault = (
  code: string,
  status: number,
  message: string,
  members: Members = {},
  headers: Record<string, string> = {},
): Fault => {
  const told = Object.entries(members).filter(([, value]) => value !== undefined);
  return new Fault(code, message, { status, members: Object.fromEntries(told), headers });
};
