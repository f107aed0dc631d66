// The texts of refusals. Each names the command-line option that would allow the request, if there is one.

import type { Caller } from './caller.ts';
import type { Refusal } from './rules.ts';

const LONGEST_SHOWN = 253;

/** The text for a refused caller. `host` is the Host header, shown in quotes and shortened. */
export function refusalText(refusal: Refusal, caller: Caller, host: string | undefined): string {
  switch (refusal) {
    case 'foreign host':
      return `Requests to the host name ${shown(host ?? '')} are refused: it is not one of Millpond's names. --allowed-host adds one.`;
    case 'foreign page':
      return fromPage(caller.kind === 'foreign page' ? caller.origin : undefined);
    case 'only reads':
      return 'Requests that a browser sends by itself may only read.';
    case 'change by GET':
      return 'An operation that changes something is refused by GET without AWS’s Authorization header (AWS4-… or AWS …).';
  }
}

function fromPage(origin: string | undefined): string {
  if (origin === undefined || origin === 'null') {
    return 'Requests from web pages without an origin are refused. --allowed-origin allows the pages of an origin.';
  }
  return `Requests from web pages of ${shown(origin)} are refused. --allowed-origin allows the pages of an origin.`;
}

const shown = (text: string): string => JSON.stringify(text.slice(0, LONGEST_SHOWN));
