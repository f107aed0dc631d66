// What Redis clients notice of a change of node type: READONLY for the grace, MOVED, and a connection that is made
// anew. Clients of the same kinds on groups that nothing changes lose their connections just so, on the same machine
// at the same time: what they need for that is the floor.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-elasticache';
import { Redis } from 'ioredis';
import type { MillpondStatus } from '../../src/status.ts';
import { whyNoNames } from '../support/endpoint-writers.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { untilAvailable } from '../support/replication-groups.ts';
import { startSteadyClients } from '../support/steady-clients.ts';
import type { SteadyClient, SteadyOutcome } from './clients/steady-clients.ts';

const WITHOUT_NAMES = await whyNoNames();
const GRACE_MS = 500;
/** What a change may add to a client's gap. */
const MOST_MS = 300;
/** How often the clients of the floor lose their connections: how soon they try again is partly random. */
const CUTS = 10;
/** A node that is away for a moment may be tried in vain once or twice before it is back. */
const TRIES = 3;

const PLAIN = { NumCacheClusters: 3, AutomaticFailoverEnabled: true };
const SHARDED = {
  NumNodeGroups: 2,
  ReplicasPerNodeGroup: 1,
  CacheParameterGroupName: 'default.redis7.cluster.on',
};

type Role = Pick<SteadyClient, 'mode' | 'command'> & { role: string };
const ROLES: { plain: Role[]; sharded: Role[] } = {
  plain: [
    { role: 'writer', mode: 'node', command: 'set' },
    { role: 'reader', mode: 'node', command: 'get' },
  ],
  sharded: [
    { role: 'writer', mode: 'cluster', command: 'set' },
    { role: 'reader of replicas', mode: 'cluster-replicas', command: 'get' },
  ],
};

describe('a change of node type', { skip: WITHOUT_NAMES }, () => {
  let millpond: TestMillpond;

  before(async () => {
    millpond = await startTestMillpond({ demotedGraceMs: String(GRACE_MS) });
  });
  after(() => millpond?.stop());

  async function create(id: string, rest: Partial<sdk.CreateReplicationGroupCommandInput>) {
    const input = { ReplicationGroupId: id, ReplicationGroupDescription: id, ...rest };
    await millpond.elasticache.send(
      new sdk.CreateReplicationGroupCommand({ ...input, CacheNodeType: 'cache.t4g.micro' }),
    );
    return await untilAvailable(millpond.elasticache, id);
  }

  /** Two clients for each role, by names that begin with the group's. */
  function clientsOf(group: sdk.ReplicationGroup): (SteadyClient & { role: string })[] {
    const { ConfigurationEndpoint: cluster, NodeGroups: [shard] = [] } = group;
    const kind = cluster ? 'sharded' : 'plain';
    return ROLES[kind].flatMap(({ role, mode, command }) => {
      const endpoint = cluster ?? (command === 'set' ? shard!.PrimaryEndpoint! : shard!.ReaderEndpoint!);
      const at = { mode, command, host: endpoint.Address!, port: endpoint.Port! };
      return (['ioredis', 'node-redis'] as const).map((client) => ({
        ...{ name: `${group.ReplicationGroupId} ${client} ${role}`, client, role },
        ...at,
      }));
    });
  }

  async function cutConnections(groupId: string): Promise<void> {
    const status = (await (await fetch(`${millpond.url}/_millpond/status`)).json()) as MillpondStatus;
    const { members } = status.groups.find(({ id }) => id === groupId)!;
    for (const { address } of members) {
      const redis = new Redis({ host: address });
      await redis.call('CLIENT', 'KILL', 'TYPE', 'normal');
      redis.disconnect();
    }
  }

  /** Changes the first group's node type while the second one's clients merely lose their connections. */
  async function change(changed: sdk.ReplicationGroup, calm: sdk.ReplicationGroup) {
    const clients = [...clientsOf(changed), ...clientsOf(calm)];
    const calmNames = clientsOf(calm).map(({ name }) => name);
    const steady = await startSteadyClients(millpond, clients);
    let outcomes: Record<string, SteadyOutcome>;
    try {
      steady.begin();
      await millpond.elasticache.send(
        new sdk.ModifyReplicationGroupCommand({
          ReplicationGroupId: changed.ReplicationGroupId,
          CacheNodeType: 'cache.t4g.small',
          ApplyImmediately: true,
        }),
      );
      for (let cut = 0; cut < CUTS; cut++) {
        await cutConnections(calm.ReplicationGroupId!);
        await steady.goOn(calmNames, 5);
      }
      await untilAvailable(millpond.elasticache, changed.ReplicationGroupId!);
      await steady.goOn(
        clients.map(({ name }) => name),
        20,
      );
    } finally {
      outcomes = await steady.stop();
    }
    // The slower client of a role tells how slow the machine is, which a single one may not notice.
    const floorOf = ({ role, mode }: { role: string; mode: string }) =>
      Math.max(
        ...clientsOf(calm)
          .filter((other) => other.role === role && other.mode === mode)
          .map(({ name }) => outcomes[name]!.longestGapMs),
      );
    return clientsOf(changed).map((client) => ({
      ...client,
      ...outcomes[client.name]!,
      floorMs: floorOf(client),
    }));
  }

  /** Errors that say no more than that a connection ended under a command. */
  const IS_CONNECTION_LOST =
    /^(Socket closed unexpectedly|Connection is closed\.|read ECONNRESET|write EPIPE)$/;

  function checkErrors(outcome: SteadyClient & SteadyOutcome, restarts: number, allowed: RegExp): void {
    const { name, errors } = outcome;
    const others = Object.keys(errors).filter(
      (text) => !allowed.test(text) && !IS_CONNECTION_LOST.test(text),
    );
    assert.deepEqual(others, [], `${name}: ${JSON.stringify(errors)}`);
    const lost = Object.entries(errors).filter(([text]) => IS_CONNECTION_LOST.test(text));
    const count = lost.reduce((sum, [, times]) => sum + times, 0);
    assert.ok(count <= restarts, `${name}: ${JSON.stringify(errors)}`);
  }

  const report = (outcomes: (SteadyOutcome & { name: string; floorMs: number })[]) =>
    outcomes.map(
      ({ name, longestGapMs, floorMs, lostConnections, errors }) =>
        `${name}: ${longestGapMs.toFixed(0)} ms (floor ${floorMs.toFixed(0)}), ${lostConnections} connections lost, ${JSON.stringify(errors)}`,
    );

  it('with cluster mode off: READONLY for the grace, and then the new primary', async (t) => {
    const outcomes = await change(await create('plain', PLAIN), await create('calm', PLAIN));
    for (const line of report(outcomes)) t.diagnostic(line);
    for (const outcome of outcomes) {
      const { name, command, longestGapMs, floorMs, errors, lostConnections } = outcome;
      const writes = command === 'set';
      checkErrors(outcome, PLAIN.NumCacheClusters, writes ? /^READONLY / : /^$/);
      const most = MOST_MS + TRIES * floorMs + (writes ? GRACE_MS : 0);
      assert.ok(longestGapMs <= most, `${name}: ${longestGapMs} ms without an answer, of at most ${most}`);
      if (!writes) continue;
      assert.ok(
        Object.keys(errors).some((text) => text.startsWith('READONLY ')),
        `${name} saw READONLY`,
      );
      assert.equal(lostConnections, 1, `${name} was closed once`);
    }
  });

  it('with cluster mode on: MOVED at most, and no silence', async (t) => {
    const outcomes = await change(await create('sharded', SHARDED), await create('calm-sharded', SHARDED));
    for (const line of report(outcomes)) t.diagnostic(line);
    for (const outcome of outcomes) {
      const { name, longestGapMs, floorMs } = outcome;
      // ioredis gives up after 16 redirections, when the only replica of a shard is away and no other may be read.
      checkErrors(outcome, 2 * SHARDED.NumNodeGroups, /MOVED/);
      const most = MOST_MS + TRIES * floorMs;
      assert.ok(longestGapMs <= most, `${name}: ${longestGapMs} ms without an answer, of at most ${most}`);
    }
  });
});
