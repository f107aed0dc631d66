// Lambda's runtimes: those that can be asked for, and those that this machine could run.

import { failedConstraint, invalidParameter } from '../faults.ts';

const RUNNABLE =
  /^(nodejs(\d{1,2}\.(x|\d))?|nodejs4\.3-edge|python3\.\d{1,2}|ruby\d\.\d{1,2}|provided(\.al2(023)?)?|go1\.x)$/;
const KNOWN_ELSEWHERE = /^(java\d+(\.al2)?|dotnet(core)?[\d.]+|python2\.7)$/;
const TOLD =
  '[nodejs24.x, nodejs22.x, nodejs20.x, python3.14, python3.13, python3.12, python3.11, ruby3.4, provided.al2023, provided.al2, …]';

export function requireRuntime(runtime: string): string {
  if (RUNNABLE.test(runtime)) return runtime;
  if (KNOWN_ELSEWHERE.test(runtime)) {
    throw invalidParameter(
      `Millpond runs no functions of ${runtime} yet; it runs nodejs, python3, ruby and provided ones.`,
    );
  }
  throw failedConstraint('runtime', runtime, `satisfy enum value set: ${TOLD} or be a valid ARN`);
}
