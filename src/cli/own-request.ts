// Calls a route below /_millpond/ of a running Millpond.

import { OperationalError } from '../kernel/errors.ts';

const ANSWER_TIMEOUT_MS = 20_000;

/**
 * The answer's JSON. Throws CommandFailed with the sentence of a refusal, or TimedOut. `path` begins with the route:
 * `faults/ID`.
 */
export async function requestOwn(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  timeoutMs = ANSWER_TIMEOUT_MS,
): Promise<unknown> {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(`${url}/_millpond/${path}`, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    text = await answer.text();
  } catch (error) {
    throw new OperationalError('TimedOut', `The Millpond at ${url} does not answer.`, error);
  }
  const read = JSON.parse(text) as { error?: string };
  if (answer.ok) return read;
  throw new OperationalError('CommandFailed', read.error ?? `Millpond answered ${answer.status}.`);
}
