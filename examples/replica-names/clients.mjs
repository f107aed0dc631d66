#!/usr/bin/env node
// Clients of the names of replicas, for the two minutes around a failover: which node served each name in each second,
// as a table while it happens and as a picture afterwards. To be run where the names resolve: `millpond exec -- node …`.
// Needs Node and nothing else; the load is redis-benchmark's where that is installed.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeGroup, testFailover } from './clients/elasticache.mjs';
import { startLoad } from './clients/load.mjs';
import { drawPicture } from './clients/picture.mjs';
import { addressOf, askInfo } from './clients/redis.mjs';
import { Timeline } from './clients/timeline.mjs';

const PROBE_EVERY_MS = 100;
const NAMES_LIMIT_MS = 30_000;

const { values } = parseArgs({
  options: {
    group: { type: 'string' },
    names: { type: 'string', default: 'read.private.example.com' },
    count: { type: 'string' },
    seconds: { type: 'string', default: '120' },
    'failover-after': { type: 'string' },
    requests: { type: 'string', default: '100' },
    picture: { type: 'string', default: 'clients.svg' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || !values.group) {
  console.log(`Usage: clients.mjs --group ID [options]

  --names NAME          of the replicas: read.x stands for read1.x, read2.x… (${values.names})
  --count N             how many names; as many as there are replicas
  --seconds N           how long (${values.seconds})
  --failover-after N    when to call TestFailover, 0 for never; after a quarter of the time
  --requests N          of each client in each second (${values.requests})
  --picture FILE        where to draw what was seen (${values.picture})`);
  process.exit(values.help ? 0 : 2);
}

const seconds = wholeNumber('seconds', values.seconds);
const failoverAfter = wholeNumber('failover-after', values['failover-after'] ?? `${Math.floor(seconds / 4)}`);
const requests = wholeNumber('requests', values.requests);
const groupId = values.group;
let group = await describeGroup(groupId).catch(giveUp);
const count = values.count ? wholeNumber('count', values.count) : group.members.length - 1;
const names = Array.from({ length: count }, (_, index) => values.names.replace('.', `${index + 1}.`));

const timeline = new Timeline(groupId, [group.primaryName, ...names]);
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => ending.abort());
await untilAllAnswer();
const beganAt = performance.now();
const elapsed = () => (performance.now() - beganAt) / 1_000;

await learnAddresses();
const load = names.map((name) => startLoad(name, requests, ending.signal));
console.log(`${load[0]?.program ?? 'no'} clients: ${requests} requests a second for each name\n`);
console.log(timeline.heading());
for (const name of timeline.names) void probe(name);
for (let second = 0; second < seconds && !ending.signal.aborted; second++) {
  if (failoverAfter > 0 && second === failoverAfter) {
    timeline.mark(elapsed(), 'TestFailover');
    testFailover(groupId).catch((error) => console.error(`TestFailover: ${error.message}`));
  }
  await until(second + 1);
  await learnAddresses().catch(() => undefined);
  await countConnections(second);
  console.log(timeline.row(second));
}
ending.abort();
console.log(`\n${timeline.summary()}`);
writeFileSync(values.picture, drawPicture(timeline, { groupId, seconds: timeline.seconds }));
console.log(`\n${values.picture} shows it.`);
process.exit(0);

/** Names are there only once whoever keeps them has been told of the nodes. */
async function untilAllAnswer() {
  const deadline = performance.now() + NAMES_LIMIT_MS;
  for (const name of names) {
    while (!(await addressOf(name).catch(() => undefined))) {
      if (performance.now() > deadline || ending.signal.aborted) {
        console.error(`There is no address for ${name}.`);
        process.exit(1);
      }
      await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
    }
  }
}

/** One connection after another by that name, each looked up anew. */
async function probe(name) {
  let at = 0;
  while (!ending.signal.aborted) {
    at = Math.max(at + PROBE_EVERY_MS / 1_000, elapsed());
    const began = elapsed();
    try {
      const { address, fields } = await askInfo(name, 'replication');
      timeline.served(name, began, address, fields.role === 'master' ? 'primary' : 'replica');
    } catch {
      timeline.failed(name, began);
    }
    await until(at);
  }
}

/** Nodes may come, go, and change their addresses. */
async function learnAddresses() {
  group = await describeGroup(groupId);
  await Promise.all(
    group.members.map(async ({ id, name }) => {
      const address = await addressOf(name).catch(() => undefined);
      if (address) timeline.learn(id, address);
    }),
  );
}

async function countConnections(second) {
  await Promise.all(
    group.members.map(async ({ id, name }) => {
      try {
        const { fields } = await askInfo(name, 'stats');
        timeline.connections(id, second, Number(fields.total_connections_received));
      } catch {
        timeline.connections(id, second, undefined);
      }
    }),
  );
}

function until(second) {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, (second - elapsed()) * 1_000)));
}

function giveUp(error) {
  console.error(error.message);
  process.exit(1);
}

function wholeNumber(flag, text) {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  console.error(`--${flag} must be a whole number, not ${JSON.stringify(text)}.`);
  process.exit(2);
}
