// Types for reaching and authenticating to an engine as Millpond's own user.

import type { OnReadOpts, Socket } from 'node:net';
import type { CommandNames } from './withheld.ts';

/** The credentials of Millpond's own user, and the names by which this engine knows renamed commands. */
export interface Access {
  username: string;
  password: string;
  names: CommandNames;
}

/** How another process of this user reaches an engine by itself. */
export interface NodeAccess extends Access {
  /** The path of Millpond's own socket to it; valid while the engine runs. */
  socket: string;
}

/** Opens a new connection to the engine. With `onread`, incoming bytes go to its buffer and callback. */
export type OpenChannel = (onread?: OnReadOpts) => Socket;
