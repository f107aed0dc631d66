// One request to the CloudFormation API, as a browser form, for the command line itself.

import { OperationalError } from '../kernel/errors.ts';
import { ApiError } from './query-request.ts';

const ANSWER_TIMEOUT_MS = 30_000;
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** Returns the answer's XML. Throws ApiError, or TimedOut when there is no answer. */
export async function requestCloudFormation(
  url: string,
  action: string,
  parameters: Record<string, string>,
): Promise<string> {
  let text: string;
  let ok: boolean;
  try {
    const body = new URLSearchParams({ Action: action, Version: '2010-05-15', ...parameters });
    const answer = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    ok = answer.ok;
    text = await answer.text();
  } catch (error) {
    throw new OperationalError('TimedOut', `${action}: the API at ${url} does not answer.`, error);
  }
  if (ok) return text;
  throw new ApiError(
    textsIn(text, 'Code')[0] ?? 'Unknown',
    textsIn(text, 'Message')[0] ?? text.slice(0, 200),
  );
}

/** The texts of all elements of that name, in order. */
export const textsIn = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) =>
    text!.replace(/&(?:#x([0-9a-fA-F]+)|(\w+));/g, (whole, hex, entity) =>
      hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : (ENTITIES[entity] ?? whole),
    ),
  );
