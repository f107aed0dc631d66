// The network of subnets beside that of loopback, on a machine that allows both. The measuring process runs in a network
// namespace of its own (networks-program.ts), from which it reaches the nodes as a machine does.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inNamespace } from '../scripts/test-runner.ts';
import type { Bench } from './context.ts';
import type { JudgedRow } from './row.ts';

/** Rows of start, create, failover, switch, data path and memory; none where the network cannot be made. */
export async function measureNetworks(bench: Bench): Promise<JudgedRow[]> {
  const program = fileURLToPath(new URL('networks-program.ts', import.meta.url));
  const flags = ['--disable-warning=ExperimentalWarning', program, ...(bench.quick ? ['--quick'] : [])];
  const [command = '', ...args] = inNamespace([process.execPath, ...flags]);
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  let rows: JudgedRow[] = [];
  child.on('message', (message) => {
    rows = message as JudgedRow[];
  });
  const ended = once(child, 'close');
  bench.own({
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  });
  const [code] = await ended;
  if (code !== 0) throw new Error(`the measuring process ended with ${code}`);
  return rows;
}
