// Listens for SSH where the instance may not: at a port of this host's network that needs root. Each connection is handed
// to an SSH daemon in the instance, which no byte passes this process to reach. It ends with the instance, not with
// Millpond. Arguments: the address, the port, the directory of the instance in `runs`, the command line.

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { untilShimEnds } from '../containers/own-container.ts';

/** MaxStartups of the daemon does not apply, since each connection has its own. */
const MOST_CONNECTIONS = 64;

const [address, port, directory, program, ...args] = process.argv.slice(2);
/** The daemons that run. */
const open = new Set<unknown>();
const server = createServer({ pauseOnConnect: true }, (socket) => {
  socket.on('error', () => {});
  if (open.size >= MOST_CONNECTIONS) {
    socket.destroy();
    return;
  }
  const child = spawn(program!, args, { stdio: [socket, socket, 'ignore'], cwd: '/' });
  child.once('error', () => socket.destroy());
  child.once('spawn', () => socket.destroy());
  open.add(child);
  child.once('close', () => open.delete(child));
});
server.once('error', (error: NodeJS.ErrnoException) => {
  process.send?.({ failed: error.code ?? error.message }, () => process.exit(1));
});
server.listen({ host: address, port: Number(port), exclusive: true }, () => {
  process.send?.({ isListening: true }, () => process.disconnect());
  void untilShimEnds(directory!).then(() => process.exit());
});
