// Which ports the programs of an instance may listen on, where they share this host's network: as root of an instance they
// are ordinary users of this host.

import { readFileSync } from 'node:fs';

const SETTING = '/proc/sys/net/ipv4/ip_unprivileged_port_start';
/** Linux: the default. */
const FIRST_OF_ALL = 1024;

/** The first port that every user may listen on. */
export function firstPortOfAll(): number {
  try {
    return Number(readFileSync(SETTING, 'latin1'));
  } catch {
    return FIRST_OF_ALL;
  }
}
