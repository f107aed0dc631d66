// Lambda's runtimes: which names are valid, and which Millpond can run.

import { failedConstraint, invalidParameter } from '../faults.ts';

const RUNNABLE =
  /^(nodejs(\d{1,2}\.(x|\d))?|nodejs4\.3-edge|python3\.\d{1,2}|ruby\d\.\d{1,2}|provided(\.al2(023)?)?|go1\.x)$/;
const KNOWN_ELSEWHERE = /^(java\d+(\.al2)?|dotnet(core)?[\d.]+|python2\.7)$/;
const TOLD =
  '[nodejs24.x, nodejs22.x, nodejs20.x, python3.14, python3.13, python3.12, python3.11, ruby3.4, provided.al2023, provided.al2, …]';

/**
 * Returns the runtime. Throws InvalidParameterValueException for one that Millpond cannot run, ValidationException
 * for an unknown one.
 */
export function requireRuntime(runtime: string): string {
  if (RUNNABLE.test(runtime)) return runtime;
  if (KNOWN_ELSEWHERE.test(runtime)) {
    throw invalidParameter(
      `Millpond does not run ${runtime} functions yet; it runs nodejs, python3, ruby and provided.`,
    );
  }
  throw failedConstraint('runtime', runtime, `satisfy enum value set: ${TOLD} or be a valid ARN`);
}
