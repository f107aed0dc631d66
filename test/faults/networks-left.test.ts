// Each kind of network after a kill -9: the next start continues it with the same nodes, and `down` leaves nothing of it.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { NETWORK_KINDS } from '../../src/network/network.ts';
import { assertNothingLeft, createGroup, millpondIn } from '../support/millpond-on-machine.ts';
import {
  asUser,
  type Machine,
  makeHost,
  ORDINARY_USER,
  whyNoMachines,
  whyNotReadable,
} from '../support/network-namespace.ts';
import { eventually } from '../support/replication-groups.ts';

/** What the networks keep while nothing runs: which kind it is, and which block of addresses. */
const KEPT = ['host.json', 'kind.json'];

/** On their networks, `subnets` takes a user namespace where Millpond is not root. */
const me = process.getuid!();
const CASES = [
  ...NETWORK_KINDS.map((kind) => [kind, me] as const),
  ...(me === 0 ? [['subnets', ORDINARY_USER] as const] : []),
];

describe('a network whose Millpond is killed', { skip: whyNoMachines() }, () => {
  for (const [kind, uid] of CASES) {
    it(`is continued, and ended by down: ${kind}, user ${uid}`, {
      skip: uid === ORDINARY_USER && whyNotReadable(),
    }, async (t) => {
      const host = await makeHost(t);
      const millpond = millpondIn(t, uid === me ? host : ordinary(host), uid);
      millpond.up('--network', kind);
      await createGroup(host, millpond.status().url);
      const first = millpond.status();
      const namespaces = new Set([
        ...networksOf(first.groups[0]!.members),
        readlinkSync(`/proc/${host.pid}/ns/net`),
      ]);

      await millpond.kill();
      millpond.up();
      const second = millpond.status();
      assert.equal(second.network, kind);
      assert.deepEqual(second.groups[0]!.members, first.groups[0]!.members);
      assert.deepEqual(second.dns, first.dns);

      await millpond.kill();
      if (kind === 'subnets') process.kill(keeperOf(millpond.dataDir), 'SIGKILL');
      millpond.run('down');
      await assertNothingLeft(host);
      namespaces.delete(readlinkSync(`/proc/${host.pid}/ns/net`));
      await eventually('no namespace is left', () => namespaces.isDisjointFrom(allNetworks()));
      assert.deepEqual(
        readdirSync(join(millpond.dataDir, 'network')).filter((name) => !KEPT.includes(name)),
        [],
      );
      const mounts = readFileSync(`/proc/${host.pid}/mounts`, 'utf8');
      assert.ok(!mounts.includes(millpond.dataDir), mounts);

      // It may become any other kind now, and keeps its nodes.
      millpond.up('--network', kind === 'loopback' ? 'subnets' : 'loopback');
      await eventually('the nodes run', () =>
        millpond.status().groups[0]!.members.every(({ state }) => state === 'running'),
      );
    });
  }
});

/** The machine as an ordinary user has it. */
const ordinary = (host: Machine): Machine => ({
  ...host,
  tryRun: (...command) => host.tryRun(...asUser(ORDINARY_USER), ...command),
});

const networksOf = (nodes: readonly { pid?: number }[]): string[] =>
  nodes.map(({ pid }) => readlinkSync(`/proc/${pid}/ns/net`));

/** The network namespaces of all processes that this one may see into. */
function allNetworks(): Set<string> {
  const found = new Set<string>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      found.add(readlinkSync(`/proc/${name}/ns/net`));
    } catch {
      // It has ended, or is another user's.
    }
  }
  return found;
}

const keeperOf = (dataDir: string): number =>
  (JSON.parse(readFileSync(join(dataDir, 'network', 'world.json'), 'utf8')) as { pid: number }).pid;
