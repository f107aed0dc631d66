// Reverse names (PTR), so that a user who looks at a connection sees which node it belongs to.

import type { Zone } from './zone.ts';

/**
 * The reverse zone of `127.<block>.0.0/16`. `nameOf` returns the name of an address, without final dot, or `undefined`.
 */
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
