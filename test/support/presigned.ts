// Presigned links and forms of S3, signed by boto3 as in an application's back end.

import { execFileSync } from 'node:child_process';
import { awsEnvironment, PYTHON, pathOfTest } from './outside-clients.ts';

export type PresignedCall =
  | { kind: 'link'; operation: 'get_object' | 'put_object'; bucket: string; key: string }
  | {
      kind: 'form';
      bucket: string;
      key: string;
      fields?: Record<string, string>;
      conditions?: unknown[];
    };

export interface PresignedForm {
  url: string;
  fields: Record<string, string>;
}

/** One answer per call: a link as text, or a form. */
export function presign(endpoint: string, calls: readonly PresignedCall[]): (string | PresignedForm)[] {
  const output = execFileSync(PYTHON, [pathOfTest('support/presigned.py')], {
    env: awsEnvironment(endpoint),
    input: calls.map((call) => `${JSON.stringify(call)}\n`).join(''),
    encoding: 'utf8',
  });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string | PresignedForm);
}
