// SIGSTOP of a primary: how long until writes are acknowledged again, and whether the old primary ever acknowledges a
// write after that, even when it continues.

import { connect } from 'node:net';
import { createNodeClient } from '../src/cli/drill/endpoint-client.ts';
import type { Bench } from './context.ts';
import { creation, THREE_MEMBERS } from './create.ts';
import { PORT } from './engines.ts';
import { writeGapAfter } from './failover.ts';
import { hostOf, primariesOf, startBenchMillpond } from './millpond.ts';
import { type JudgedRow, row, worst } from './row.ts';

/** The default, which users run. */
const DETECTION_MS = 2_000;

/** Rows of the write gap, and of late acknowledged writes. */
export async function measureHang(bench: Bench): Promise<JudgedRow[]> {
  const millpond = await startBenchMillpond(bench);
  await millpond.request('CreateReplicationGroup', creation('hang', THREE_MEMBERS));
  const { endpoints } = await millpond.settled('hang');
  const client = createNodeClient({ host: hostOf(endpoints.primary), port: PORT }, millpond.names);
  bench.own({ stop: () => client.close() });
  const rounds = bench.rounds(5, 2);
  const gaps: number[] = [];
  let late = 0;
  for (let round = 0; round < rounds; round++) {
    bench.say(`SIGSTOP of a primary: round ${round + 1} of ${rounds}`);
    const [old] = primariesOf(await millpond.settled('hang'));
    const witness = await sendBlindly(old!.address);
    gaps.push(
      await writeGapAfter(client, `hang:${round}`, () => {
        process.kill(old!.pid!, 'SIGSTOP');
        witness.write();
      }),
    );
    const before = witness.acknowledged();
    wake(old!.pid!);
    witness.write();
    // When the old primary is back as a replica, it has had enough time.
    await millpond.settled('hang');
    late += witness.acknowledged() - before;
    witness.close();
  }
  return [
    row(`SIGSTOP of a primary to the next acknowledged write, worst of ${rounds}`, worst(gaps), 'ms', {
      floor: DETECTION_MS,
      target: { atMost: DETECTION_MS + 500 },
    }),
    row('SIGSTOP: writes acknowledged by the old primary after promotion', late, 'writes', {
      target: { atMost: 0 },
    }),
  ];
}

interface Witness {
  write(): void;
  acknowledged(): number;
  close(): void;
}

/** A client that keeps its connection, and whose writes wait in the socket while the node is stopped. */
async function sendBlindly(address: string): Promise<Witness> {
  const socket = connect({ host: address, port: PORT });
  socket.on('error', () => {});
  let acknowledged = 0;
  socket.setEncoding('latin1').on('data', (text: string) => {
    acknowledged += text.split('+OK').length - 1;
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  return {
    write: () => void socket.write('SET blind write\r\n'.repeat(10)),
    acknowledged: () => acknowledged,
    close: () => void socket.destroy(),
  };
}

function wake(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // The process has already ended.
  }
}
