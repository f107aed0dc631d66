// Which machines may leave the world, and what of this host they may not reach. Reads this host's addresses.

import { networkInterfaces } from 'node:os';
import type { OpenInterface } from '../../network.ts';
import { isInRange } from '../../next-address.ts';
import type { Routes } from '../../routes.ts';
import { OUTSIDE_RANGE } from '../setup.ts';
import type { Departures } from './rules.ts';
import { mayLeave } from './way-out.ts';

/** With `isNeeded`: some machine may leave. */
export function departuresOf(
  interfaces: readonly OpenInterface[],
  routes: Routes | undefined,
  reachHost: boolean,
): Departures & { isNeeded: boolean } {
  const allowed = interfaces.filter((one) => mayLeave(one, routes));
  const operators = interfaces.filter(({ isOperator }) => reachHost && isOperator);
  return {
    leaving: addressesOf(allowed.filter(({ subnet }) => subnet)),
    staying: addressesOf(
      interfaces.filter(
        (one) => one.subnet && isInRange(one.address, OUTSIDE_RANGE) && !allowed.includes(one),
      ),
    ),
    reachingHost: addressesOf(operators),
    hostAddresses: addressesOfThisHost(),
    isNeeded: allowed.length + operators.length > 0,
  };
}

const addressesOf = (interfaces: readonly OpenInterface[]) =>
  new Set(interfaces.map(({ address }) => address));

/** All but those of the loopback, which lead nowhere from the world. */
const addressesOfThisHost = (): Set<string> =>
  new Set(
    Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, address }) => family === 'IPv4' && !address.startsWith('127.'))
      .map(({ address }) => address),
  );
