// Describe operations of resources that Millpond cannot create. The lists are empty, and every given id is unknown.
// docs/parts/differences.md names the refused features.

import { Fault } from '../../wire/fault.ts';
import { malformedId } from './faults.ts';

/** How errors name a kind of resource. */
interface Naming {
  notFound: string;
  /** The name in error texts: `vpnGateway ID`. */
  noun: string;
  /** Present if AWS is known to refuse ids of another form. */
  prefix?: string;
  malformed?: string;
}

/** `notFound` and `malformed` are error codes. */
export const naming = (notFound: string, noun: string, prefix?: string, malformed?: string): Naming => ({
  notFound,
  noun,
  ...(prefix && malformed && { prefix, malformed }),
});

/** Throws NotFound or Malformed if the request gives ids. */
export function refuseIds(asked: readonly string[] | undefined, naming: Naming): void {
  if (asked && asked.length > 0) throw unknownIds(asked, naming);
}

function unknownIds(ids: readonly string[], { notFound, noun, prefix, malformed }: Naming): Fault {
  if (prefix && malformed) {
    const form = new RegExp(`^${prefix}-[0-9a-f]{8,17}$`);
    const wrong = ids.find((id) => !form.test(id));
    if (wrong) return malformedId(malformed, wrong, prefix);
  }
  return ids.length === 1
    ? new Fault(notFound, `The ${noun} '${ids[0]}' does not exist`)
    : new Fault(notFound, `The ${noun}s '${ids.join(', ')}' do not exist`);
}
