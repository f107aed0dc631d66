// A minimal client: one socket, one command at a time, one line per answer. It measures the server and its name, not
// the set-up time of a client library.

import { connect, type Socket } from 'node:net';
import type { FreshNames } from '../src/cli/drill/fresh-names.ts';
import { PORT } from './engines.ts';

/** A client of one endpoint. */
export interface LineClient {
  /** Rejects with the engine's error, or when the connection is lost; the next call resolves the name again. */
  set(key: string, value: string): Promise<void>;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 250;

/**
 * Keys and values must not contain blanks. The name is resolved once per connection. A connection is dropped after any
 * error; with `staysWhenRefused`, as in most clients, only after it is closed.
 */
export function createLineClient(
  names: FreshNames,
  host: string,
  { staysWhenRefused = false }: { staysWhenRefused?: boolean } = {},
): LineClient {
  let current: Promise<Socket> | undefined;
  const drop = () => {
    current?.then((socket) => socket.destroy()).catch(() => {});
    current = undefined;
  };
  return {
    async set(key, value) {
      current ??= connectByName(names, host);
      let line = '';
      try {
        const socket = await current;
        const answered = nextLine(socket);
        socket.write(`SET ${key} ${value}\r\n`);
        line = await answered;
      } finally {
        if (line === '' || (line !== '+OK' && !staysWhenRefused)) drop();
      }
      if (line !== '+OK') throw new Error(line);
    },
    close: drop,
  };
}

async function connectByName(names: FreshNames, host: string): Promise<Socket> {
  const [address] = await names.resolve(host);
  const socket = connect({ host: address!, port: PORT, noDelay: true });
  socket.setEncoding('latin1').setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('timed out')));
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.setTimeout(0);
  return socket;
}

function nextLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const settle = () => socket.off('data', take).off('close', fail).off('error', fail);
    const take = (chunk: string) => {
      text += chunk;
      if (!text.endsWith('\r\n')) return;
      settle();
      resolve(text.slice(0, -2));
    };
    const fail = () => {
      settle();
      socket.on('error', () => {});
      reject(new Error('the connection closed'));
    };
    socket.on('data', take).once('close', fail).once('error', fail);
    if (socket.destroyed) fail();
  });
}
