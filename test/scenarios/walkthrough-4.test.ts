// The fourth walkthrough, followed with the example of its shape: `sam deploy --guided`, a key pair, SSH into the instance,
// a listener there that invokes a function for each changed hash, the items in the table; then the same by a feed.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { build } from 'esbuild';
import type { NetworkKind } from '../../src/network/network.ts';
import { MILLPOND, runCommand, startCommand } from '../support/command.ts';
import { pathOfTest, SAM_CLI, WITHOUT_SAM_CLI, withoutProgram } from '../support/outside-clients.ts';
import { eventually } from '../support/replication-groups.ts';
import { startStackWalkthrough } from '../support/stack-walkthrough.ts';
import { NETWORKS, whatIsMissing } from '../support/walkthrough.ts';

const REGION = 'us-west-2';
const EXAMPLE = pathOfTest('../examples/keyspace-events');
const STACK = 'keyspace';
/** The feed's. */
const LIVE_TABLE = 'keyspace-live-carts';
/** Stack name, region, key pair, image, node type; no confirmation, roles, no rollback switch, save, its file and section. */
const ANSWERS = [STACK, REGION, 'listener', '', '', 'n', 'y', 'n', 'y', '', ''];
/** Where SAM keeps packages: it makes a stack of its own for its bucket. */
const SAM_STACK = 'aws-sam-cli-managed-default';

for (const network of NETWORKS) {
  test(
    `the fourth walkthrough, with its example (${network})`,
    { skip: whatIsMissing(network) || WITHOUT_SAM_CLI || withoutProgram('ssh') || withoutProgram('scp') },
    (t) => follow(t, network),
  );
}

async function follow(t: TestContext, network: NetworkKind): Promise<void> {
  const walkthrough = await startStackWalkthrough(t, REGION, network);
  const { aws, type, dataDir } = walkthrough;
  const folder = mkdtempSync(join(tmpdir(), 'millpond-walkthrough-4-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await copyExample(folder);

  const key = join(folder, 'listener.pem');
  const { KeyMaterial } = await aws('ec2', 'create-key-pair', '--key-name', 'listener');
  writeFileSync(key, KeyMaterial, { mode: 0o600 });
  const sam = (words: string, answers: readonly string[] = []) =>
    type(
      ...[
        '/bin/sh',
        '-c',
        `cd "$0" && printf "%s\\n" "$@" | HOME=$PWD SAM_CLI_TELEMETRY=0 ${SAM_CLI} ${words}`,
      ],
      ...[folder, ...answers],
    );
  assert.match(await sam('build'), /Build Succeeded/);
  const deployed = await sam('deploy --guided', ANSWERS);
  assert.match(deployed, /Successfully created\/updated stack - keyspace in us-west-2/);
  const outputs = walkthrough.outputsOf(await walkthrough.settled(STACK));
  const { Instance = '', Cache = '', Function: functionArn = '', Table = '' } = outputs;
  assert.match(Instance, /^ec2-[\d-]+\.us-west-2\.compute\.amazonaws\.com$/);

  const { Reservations } = await aws('ec2', 'describe-instances');
  const [{ InstanceId }] = Reservations[0].Instances;
  await aws('ec2', 'wait', 'instance-status-ok', '--instance-ids', InstanceId);
  const login = ['-i', key];
  const ssh = (line: string) => type('ssh', ...login, `ec2-user@${Instance}`, line);
  assert.match(await ssh('id -un; pwd; sudo id -un'), /^ec2-user\n\/home\/ec2-user\nroot$/m);
  assert.match(await ssh('sudo yum install -y git'), /already installed|Nothing to do|Complete!/);
  await type('scp', ...login, join(folder, 'listener.cjs'), `ec2-user@${Instance}:`);
  const listener = startCommand(MILLPOND, [
    ...['exec', '--data-dir', dataDir, '--', 'ssh', '-tt', ...login, `ec2-user@${Instance}`],
    `CACHE=${Cache} FUNCTION=${functionArn} node listener.cjs`,
  ]);
  t.after(async () => {
    listener.child.kill();
    await listener.ended;
  });
  await listener.prints(/Listening…/);

  const redis = (...words: string[]) => ssh(`redis-cli -h ${Cache} ${words.join(' ')}`);
  assert.equal(await redis('hset person1 firstName John lastName Smith'), '2');
  assert.equal(await redis('hset person2 firstName Jane lastName Doe'), '2');
  await listener.prints(/person2 "person2"/);
  const items = async (table: string) => {
    const { Items } = await aws('dynamodb', 'scan', '--table-name', table);
    return Object.fromEntries(Items.map(({ id, ...rest }: Item) => [id!.S, rest]));
  };
  const saved = async () =>
    Object.fromEntries(
      Object.entries(await items(Table)).map(([id, { body }]) => [id, JSON.parse(body!.S)] as const),
    );
  const people = {
    person1: { firstName: 'John', lastName: 'Smith' },
    person2: { firstName: 'Jane', lastName: 'Doe' },
  };
  assert.deepEqual(await saved(), people);
  const millpond = (...words: string[]) => runCommand(MILLPOND, [...words, '--data-dir', dataDir]);
  assert.match((await millpond('dynamodb', 'items', Table, '--region', REGION)).stdout, /person1/);

  // The feed, in place of the listener.
  listener.child.kill();
  await listener.ended;
  const feed = (...words: string[]) => millpond('feed', ...words);
  const made = await feed('create', '--file', join(folder, 'feed.yaml'), '--region', REGION);
  assert.equal(made.code, 0, made.stderr);
  assert.equal(await redis('hset person3 firstName Ann'), '1');
  assert.equal(await redis('hset person4 firstName Bob'), '1');
  await eventually('the function has saved what changed', async () => 'person4' in (await saved()));
  assert.equal(await redis('del person4'), '1');
  await eventually('the table is as the cache', async () => {
    const { person3, person4 } = await items(LIVE_TABLE);
    return person3?.firstName?.S === 'Ann' && person4 === undefined;
  });
  assert.match((await feed('status', 'carts')).stdout, /delivered/i);
  const deleted = await feed('delete', 'carts', '--region', REGION);
  assert.equal(deleted.code, 0, deleted.stderr);

  await walkthrough.remove(STACK);
  const { Stacks } = await aws('cloudformation', 'describe-stacks', '--stack-name', SAM_STACK);
  const bucket = walkthrough.outputsOf(Stacks[0]).SourceBucket!;
  await walkthrough.nothingIsLeft([bucket], [Instance]);
}

type Item = Record<string, { S: string } | undefined>;

/** With the listener bundled as its build script does, and without SAM's question for its newest version. */
async function copyExample(folder: string): Promise<void> {
  for (const part of ['template.yaml', 'function', 'feed.yaml'])
    cpSync(join(EXAMPLE, part), join(folder, part), { recursive: true });
  await build({
    entryPoints: [join(EXAMPLE, 'listener', 'listener.ts')],
    outfile: join(folder, 'listener.cjs'),
    ...({ bundle: true, platform: 'node', logLevel: 'silent' } as const),
  });
  mkdirSync(join(folder, '.aws-sam'));
  const lastVersionCheck = Date.now() / 1000;
  writeFileSync(join(folder, '.aws-sam', 'metadata.json'), JSON.stringify({ lastVersionCheck }));
}
