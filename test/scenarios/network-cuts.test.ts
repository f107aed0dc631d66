// `millpond fault`, as a person uses it, in a network of Millpond's own; and a short slice of the cuts of the fault
// suite, for every run.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { DETECTION_MS, requestFault, underCuts } from '../faults/partitions.ts';
import { createGroup, isAvailable, withMillpond } from '../faults/program.ts';
import { until } from '../faults/wait.ts';
import { inNetwork } from '../faults/zone-clients.ts';
import { MILLPOND, runCommand } from '../support/command.ts';
import { WITHOUT_SUBNETS } from '../support/networks.ts';

const SUBNETS = {
  ...{ seed: 1, network: 'subnets' as const },
  flags: [`--failure-detection-ms=${DETECTION_MS}`],
};
const skip = WITHOUT_SUBNETS;
const LIMIT_MS = 20_000;

/** Of a cut of a zone with a failover, one with a kill of Millpond meanwhile, and one of a node in one direction. */
const SEEDS = [4, 18, 7];

for (const group of ['cluster mode off, 1+2', 'cluster mode on, 2x(1+1)'] as const) {
  test(`${group}: zones are cut off while clients in all zones write`, { skip }, async (t) => {
    await withMillpond(t, SUBNETS, (millpond) =>
      underCuts(millpond, group, SEEDS, (line) => t.diagnostic(line)),
    );
  });
}

test('faults are made, shown and ended from the command line', { skip }, async (t) => {
  await withMillpond(t, SUBNETS, async (millpond) => {
    await createGroup(millpond, 'shop', 'cluster mode off, 1+2');
    await isAvailable(millpond, 'shop');
    const command = (...args: string[]) => runCommand(MILLPOND, [...args, '--data-dir', millpond.dataDir]);
    const { id, zone } = (await millpond.why('shop'))!.desired.shards[0]!.members[2]!;

    assert.equal((await command('fault', 'list')).stdout, 'Nothing is cut.\n');
    const cut = await command('fault', 'cut', '--from', zone, '--for', '10m');
    assert.match(
      cut.stdout,
      new RegExp(`^cut-\\w{8} {3}${zone} and everything else {3}for another 600 s\n$`),
      cut.stderr,
    );
    const cutId = cut.stdout.split(' ')[0]!;
    assert.equal((await command('fault', 'cut', '--from', id, '--to', 'clients', '--one-way')).code, 0);
    const shown = (await command('fault', 'list')).stdout;
    assert.match(shown, new RegExp(`from ${id} to clients {3}until it is cleared\n$`));
    await until('the member is shown as cut off', LIMIT_MS, async () =>
      new RegExp(`  Cut {7}${cutId}[^]*${id} .* cut off\n`).test((await command('status')).stdout),
    );
    const { stdout: why } = await command('why', 'shop');
    assert.match(why, new RegExp(`Waits\n {2}cuts of the network keep ${id} from most of its group`));
    assert.match(why, new RegExp(`Cuts of the network\n {2}${cutId}`));
    assert.match(rulesIn(millpond.dataDir), /table inet millpond_cuts/);
    const reader = (await millpond.group('shop')).endpoints.reader!.split(':')[0]!;
    const names = (await (await fetch(`${millpond.url}/_millpond/names`)).json()) as Record<string, string>;
    for (let turn = 0; turn < 4; turn++)
      assert.notEqual(names[reader], (await millpond.member('shop', id)).address);

    const refused = await command('fault', 'cut', '--from', 'nobody');
    assert.deepEqual([refused.code, refused.stdout], [1, '']);
    assert.match(
      refused.stderr,
      /^millpond: from must be a zone such as us-east-1a, .* there is no "nobody"\.\n$/,
    );
    assert.match(
      (await command('fault', 'cut', '--from', 'shop', '--for', '3')).stderr,
      /--for must be a time such as/,
    );
    assert.match(
      (await command('fault', 'cut', '--from', 'shop', '--delay', '5ms')).stderr,
      /Packets cannot be delayed/,
    );
    assert.match((await command('fault', 'clear', 'cut-none')).stderr, /There is no fault "cut-none"/);

    assert.equal(
      (await command('fault', 'clear', cutId)).stdout,
      `${cutId}   ended: ${zone} and everything else\n`,
    );
    assert.equal((await command('fault', 'clear')).code, 0);
    assert.doesNotMatch(rulesIn(millpond.dataDir), /millpond_cuts/);
    assert.equal((await command('fault', 'clear')).stdout, 'Nothing was cut.\n');
  });
});

test('a cut whose time is over is undone by the next Millpond, and another one holds on', {
  skip,
}, async (t) => {
  await withMillpond(t, SUBNETS, async (millpond) => {
    await createGroup(millpond, 'shop', 'cluster mode off, 1+2');
    await isAvailable(millpond, 'shop');
    const { until: end } = await requestFault<{ until: number }>(millpond, 'POST', '', {
      from: 'shop-002',
      forMs: 500,
    });
    const { id } = await requestFault<{ id: string }>(millpond, 'POST', '', { from: 'shop-003' });
    await millpond.kill9();
    await until('its time is over', LIMIT_MS, () => Date.now() > end);
    assert.match(rulesIn(millpond.dataDir), /millpond_cuts/);
    await millpond.start();
    const { cuts } = await millpond.status();
    assert.deepEqual(
      cuts.map((cut) => cut.id),
      [id],
    );
    await until('both members are as they should be', LIMIT_MS, async () => {
      const { observed } = (await millpond.why('shop'))!;
      return (
        observed['shop-002']!.isolatedSince === undefined && observed['shop-003']!.isolatedSince !== undefined
      );
    });
    await requestFault(millpond, 'DELETE', '');
    assert.doesNotMatch(rulesIn(millpond.dataDir), /millpond_cuts/);
  });
});

test('a drill cuts a primary off', { skip }, async (t) => {
  await withMillpond(t, SUBNETS, async (millpond) => {
    await createGroup(millpond, 'shop', 'cluster mode off, 1+2');
    await isAvailable(millpond, 'shop');
    const args = ['drill', 'shop', '--kind', 'partition', '--json', '--data-dir', millpond.dataDir];
    const { code, stdout, stderr } = await runCommand(MILLPOND, args);
    assert.equal(code, 0, stdout + stderr);
    const report = JSON.parse(stdout);
    assert.deepEqual(
      [report.kind, report.member, report.lostWrites, report.recovered],
      ['partition', 'shop-001', 0, true],
    );
    const { namePointsAway, firstWriteAgain, healed, replicaBack } = report.timeline;
    assert.ok(namePointsAway < firstWriteAgain && namePointsAway < healed && healed < replicaBack, stdout);
    assert.deepEqual((await millpond.status()).cuts, []);
  });
});

test('faults are refused on loopback, and a web page gets nothing', async (t) => {
  await withMillpond(t, { seed: 1, network: 'loopback' }, async (millpond) => {
    const args = ['fault', 'cut', '--from', 'us-east-1a', '--data-dir', millpond.dataDir];
    const { code, stderr } = await runCommand(MILLPOND, args);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^millpond: Only a network of subnets can be cut, and this Millpond runs with --network loopback/,
    );
    const send = (init: RequestInit) => fetch(`${millpond.url}/_millpond/faults`, init);
    const page = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    for (const method of ['GET', 'POST', 'DELETE'])
      assert.equal((await send({ method, headers: page })).status, 403);
    assert.equal((await send({ method: 'PUT' })).status, 405);
    for (const path of ['//', '//:x', '/_millpond/faultsome'])
      assert.ok((await fetch(`${millpond.url}${path}`)).status < 500, path);
    assert.equal((await send({ method: 'POST', body: 'no JSON' })).status, 400);
    assert.equal((await send({ method: 'POST', body: 'x'.repeat(5_000) })).status, 400);
  });
});

const rulesIn = (dataDir: string): string => {
  const [program, ...args] = inNetwork(dataDir, ['nft', 'list', 'ruleset']);
  return execFileSync(program, args, { encoding: 'utf8' });
};
