// Names of addresses (PTR), for people who look at a connection and want to know whose it is.

import type { Zone } from './zone.ts';

/** The zone of `127.<block>.0.0/16`; `nameOf` gives an address's name without final dot, if it has one. */
export function reverseZone(options: {
  block: number;
  ttl: number;
  nameOf: (address: string) => string | undefined;
}): Zone {
  const suffix = `${options.block}.127.in-addr.arpa`;
  return {
    suffix,
    lookup(name) {
      const [fourth, third, ...rest] = name.split('.');
      if (third === undefined || rest.join('.') !== suffix) return undefined;
      const data = options.nameOf(`127.${options.block}.${third}.${fourth}`);
      return data === undefined ? undefined : [{ type: 'PTR', ttl: options.ttl, data }];
    },
  };
}
