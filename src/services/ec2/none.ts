// How Describe operations answer of what nobody can make here: truthfully their lists are empty, and every id that is
// asked for does not exist. What would be refused when it is made is named in docs/parts/differences.md.

import { Fault } from '../../wire/fault.ts';
import { malformedId } from './faults.ts';

/** How one of them is asked for. */
interface Naming {
  notFound: string;
  /** As errors speak of it, e.g. `vpnGateway ID`. */
  noun: string;
  /** Ids of another form are malformed, where that is known to be told. */
  prefix?: string;
  malformed?: string;
}

export const named = (notFound: string, noun: string, prefix?: string, malformed?: string): Naming => ({
  notFound,
  noun,
  ...(prefix && malformed && { prefix, malformed }),
});

/** Throws that those that are asked for do not exist, if any are. */
export function checkNone(asked: readonly string[] | undefined, naming: Naming): void {
  if (asked && asked.length > 0) throw noneOf(asked, naming);
}

function noneOf(ids: readonly string[], { notFound, noun, prefix, malformed }: Naming): Fault {
  const wrong = prefix && ids.find((id) => !new RegExp(`^${prefix}-[0-9a-f]{8,17}$`).test(id));
  if (wrong !== undefined && wrong !== '' && prefix && malformed)
    return malformedId(malformed, wrong, prefix);
  return ids.length === 1
    ? new Fault(notFound, `The ${noun} '${ids[0]}' does not exist`)
    : new Fault(notFound, `The ${noun}s '${ids.join(', ')}' do not exist`);
}
