// What the console needs from the rest of Millpond, and the paths of its files.

import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Client } from '../wire/client.ts';

export interface ConsoleSurroundings {
  /** The typed client of a service. */
  client(name: string): Client<unknown>;
  /** The region of pages whose address names none. */
  region: string;
  clock: Clock;
  log: Log;
}

/** The files that pages load are below this path. */
export const FILES_PATH = '/_millpond/console/';
