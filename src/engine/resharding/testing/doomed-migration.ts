// A process that migrates and kills itself with SIGKILL at a given round trip: `before` the commands are sent, or
// `after` (they are on their way, their replies never read).

import type { Admin } from '../../admin.ts';
import { type MigrationShard, migrateSlots, type SlotMove } from '../index.ts';
import { CREDENTIALS, connectTestAdmin } from './test-admin.ts';

export interface Doom {
  shards: {
    id: string;
    primary: { address: string; nodeId: string };
    replicas: string[];
    nodeIds: string[];
  }[];
  moves: SlotMove[];
  atTrip: number;
  when: 'before' | 'after';
}

let trips = 0;

function doomed(admin: Admin, doom: Doom): Admin {
  return {
    ...admin,
    sendAll(commands, options) {
      const isLast = ++trips === doom.atTrip;
      if (isLast && doom.when === 'before') process.kill(process.pid, 'SIGKILL');
      const replies = admin.sendAll(commands, options);
      // The next turn of the loop: by then the commands have been written to the socket.
      if (isLast) setImmediate(() => process.kill(process.pid, 'SIGKILL'));
      return replies;
    },
    branch() {
      const branch = admin.branch();
      return { ...doomed(branch, doom), close: () => branch.close() };
    },
  };
}

const doom = JSON.parse(process.argv[2]!) as Doom;
const connect = (address: string) => doomed(connectTestAdmin(address, 6379), doom);
const shards = new Map<string, MigrationShard>(
  doom.shards.map(({ id, primary, replicas, nodeIds }) => [
    id,
    {
      primary: { ...primary, port: 6379, admin: connect(primary.address) },
      replicas: replicas.map((address) => ({ admin: connect(address) })),
      nodeIds,
    },
  ]),
);
await migrateSlots({ shards, moves: doom.moves, credentials: CREDENTIALS });
process.exit(0);
