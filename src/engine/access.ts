// How an engine is reached and spoken to by Millpond.

import type { OnReadOpts, Socket } from 'node:net';
import type { CommandNames } from './withheld.ts';

export interface Access {
  username: string;
  password: string;
  names: CommandNames;
}

/** Makes a new connection to the engine; what arrives goes where `onread` says. */
export type OpenChannel = (onread?: OnReadOpts) => Socket;
