// Feeds as users make them: by the command line, a tag and a stack; to a function and to a table; through a failover, and
// kills of the feed's process and of Millpond.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import {
  AddTagsToResourceCommand,
  CreateReplicationGroupCommand,
  DeleteReplicationGroupCommand,
  DescribeEventsCommand,
  RemoveTagsFromResourceCommand,
  TestFailoverCommand,
} from '@aws-sdk/client-elasticache';
import { Lambda } from '@aws-sdk/client-lambda';
import { zip } from '../../src/kernel/zip.ts';
import type { FeedView } from '../../src/status.ts';
import { type MillpondProcess, startMillpondProcess } from '../faults/millpond-process.ts';
import { signal } from '../faults/node-processes.ts';
import { isAvailable } from '../faults/program.ts';
import { ask } from '../faults/session.ts';
import { MILLPOND, runCommand } from '../support/command.ts';
import { eventually } from '../support/replication-groups.ts';

const GROUP = 'shop';
const ARN = `arn:aws:elasticache:us-east-1:000000000000:replicationgroup:${GROUP}`;
const VARIABLE = 'MILLPOND_TEST_PASSWORD';
const HANDLER = `
exports.handler = async ({ Records }) => {
  for (const { key, command, value } of Records) console.log('SEEN', key, (command ?? []).join(' '), JSON.stringify(value));
};`;

test('changes of a cache reach a function and a table, whatever is killed meanwhile', async (t) => {
  const millpond = await startMillpondProcess();
  t.after(() => millpond.destroy({ keep: false }));
  const scene = sceneOf(millpond);
  await makeGroup(millpond);
  await scene.makeTable('Carts');
  await scene.makeFunction('seen');

  assert.match(await scene.feed('create', 'carts', '--cache', GROUP, '--to', 'dynamodb:Carts'), /runs: shop/);
  await scene.feed('create', 'told', '--cache', GROUP, '--to', 'lambda:seen', '--keys', 'person*');
  await scene.write('HSET', 'person1', 'firstName', 'John', 'lastName', 'Smith');
  await scene.write('HSET', 'person2', 'firstName', 'Jane', 'lastName', 'Doe');
  await scene.write('SET', 'other', 'text');
  await scene.write('DEL', 'person2');
  await scene.hasItems('Carts', ['other', 'person1 John Smith']);
  const lines = await eventually('the function has seen it', async () => {
    const seen = await scene.logged();
    return seen.length >= 3 ? seen : undefined;
  });
  assert.equal(lines.filter((line) => line.includes('other')).length, 0);
  assert.match(lines.find((line) => line.includes('person1'))!, /HSET person1 firstName John lastName Smith/);

  const { pid } = (await scene.view('carts')).status;
  signal(pid!, 'SIGKILL');
  await scene.write('HSET', 'person3', 'firstName', 'Ann', 'lastName', 'Lee');
  await scene.hasItems('Carts', ['other', 'person1 John Smith', 'person3 Ann Lee']);

  await millpond.kill9();
  await scene.write('DEL', 'other');
  await millpond.start();
  await scene.hasItems('Carts', ['person1 John Smith', 'person3 Ann Lee']);

  const failover = { ReplicationGroupId: GROUP, NodeGroupId: '0001' };
  await millpond.elasticache.send(new TestFailoverCommand(failover));
  await isAvailable(millpond, GROUP);
  await eventually('it takes writes', async () => {
    await scene.write('HSET', 'person4', 'firstName', 'Zoe', 'lastName', 'May');
    return true;
  });
  await scene.hasItems('Carts', ['person1 John Smith', 'person3 Ann Lee', 'person4 Zoe May']);
  assert.match(await scene.feed('status', 'carts'), /carts {3}running[\s\S]*lag {12}0 changes[\s\S]*shop-/);

  await scene.feed('delete', 'told');
  assert.deepEqual(
    (await scene.views()).map(({ name }) => name),
    ['carts'],
  );
  await millpond.elasticache.send(new DeleteReplicationGroupCommand({ ReplicationGroupId: GROUP }));
  await eventually('the feed ends with its cache', async () => (await scene.views()).length === 0);
  const { Events } = await millpond.elasticache.send(
    new DescribeEventsCommand({ SourceIdentifier: GROUP, SourceType: 'replication-group' }),
  );
  assert.ok(Events!.some(({ Message }) => Message === 'Feed carts ended because its cache was deleted'));
  const { code } = await millpond.down('--purge');
  assert.equal(code, 0);
});

test('a tag and a stack make feeds, change them, and end them', async (t) => {
  const millpond = await startMillpondProcess();
  t.after(() => millpond.destroy({ keep: false }));
  const scene = sceneOf(millpond);
  await makeGroup(millpond);
  await scene.makeTable('Carts');
  const tag = (Value: string) =>
    millpond.elasticache.send(
      new AddTagsToResourceCommand({ ResourceName: ARN, Tags: [{ Key: 'millpond:feed', Value }] }),
    );
  await assert.rejects(tag('nowhere'), /The tag millpond:feed asks for no feed/);
  assert.deepEqual(await scene.views(), []);
  await tag('dynamodb:Carts');
  await scene.runs(GROUP);
  await scene.write('HSET', 'person1', 'firstName', 'John', 'lastName', 'Smith');
  await scene.hasItems('Carts', ['person1 John Smith']);
  await assert.rejects(scene.feed('delete', GROUP), /belongs to the tag millpond:feed of shop/);
  await millpond.elasticache.send(
    new RemoveTagsFromResourceCommand({ ResourceName: ARN, TagKeys: ['millpond:feed'] }),
  );
  await eventually('the feed is gone', async () => (await scene.views()).length === 0);

  assert.equal(await scene.stack('create', 'dynamodb:Carts'), 'CREATE_COMPLETE');
  const [made] = await scene.views();
  assert.deepEqual([made!.status.state, made!.targets], ['running', ['dynamodb Carts']]);
  await scene.write('HSET', 'person2', 'firstName', 'Jane', 'lastName', 'Doe');
  await scene.hasItems('Carts', ['person1 John Smith', 'person2 Jane Doe']);
  assert.equal(await scene.stack('update', 'null'), 'UPDATE_COMPLETE');
  const [changed] = await scene.views();
  assert.deepEqual([changed!.name, changed!.targets], [made!.name, ['null']]);
  assert.match(String(await scene.stack('update', 'nowhere')), /ROLLBACK_COMPLETE/);
  await scene.deleteStack();
  assert.deepEqual(await scene.views(), []);
});

test('a file says all of a feed; what is wrong has its line, and passwords are resolved by the command', async (t) => {
  const millpond = await startMillpondProcess();
  t.after(() => millpond.destroy({ keep: false }));
  const scene = sceneOf(millpond);
  await makeGroup(millpond);
  const make = async (lines: string[], how = 'create') => {
    const file = join(millpond.dataDir, 'feed.yml');
    writeFileSync(file, lines.join('\n'));
    return await scene.feed(how, '--file', file);
  };
  const own = ['name: own', `cache: ${GROUP}`, 'mappings:', "  - {name: few, keys: 'few:*', target: 'null'}"];
  await assert.rejects(
    make([...own, '  - {target: nowhere}']),
    /feed\.yml:5: mappings\[1\]\.target: a target is/,
  );
  await assert.rejects(
    make(['name: own', 'cache: none', 'target: dynamodb:Table']),
    /no replication group or cluster "none"/,
  );
  const password = `  sql: {url: "postgres://u:\${env:${VARIABLE}}@127.0.0.1:1/db", table: t, key: {id: $.key}}`;
  const sql = ['name: sql', `cache: ${GROUP}`, 'target:', password];
  await assert.rejects(make(sql), new RegExp(`feed\\.yml:4: .*${VARIABLE} is not set`));
  process.env[VARIABLE] = 'sesame';
  t.after(() => delete process.env[VARIABLE]);
  await make(sql);
  await scene.write('SET', 'any', 'text');
  await eventually(
    'the database does not answer',
    async () => (await scene.view('sql')).status.state === 'failing',
  );
  assert.doesNotMatch(await scene.feed('status', '--json'), /sesame/);
  const { pid } = (await scene.view('sql')).status;
  assert.doesNotMatch(
    readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8'),
    /sesame/,
  );
  // A refused change leaves it as it was.
  await assert.rejects(make(['name: sql', `cache: ${GROUP}`, 'target: nowhere'], 'update'), /a target is/);
  assert.deepEqual((await scene.view('sql')).targets, ['sql 127.0.0.1:1 t']);
  assert.equal(JSON.stringify(millpond.logLines()).includes('sesame'), false);
  await scene.feed('delete', 'sql');
  assert.deepEqual(await scene.views(), []);
});

async function makeGroup(millpond: MillpondProcess): Promise<void> {
  await millpond.elasticache.send(
    new CreateReplicationGroupCommand({
      ...{ ReplicationGroupId: GROUP, ReplicationGroupDescription: 'shop', NumCacheClusters: 2 },
      ...{ AutomaticFailoverEnabled: true, Engine: 'redis', CacheNodeType: 'cache.t4g.micro' },
    }),
  );
  await isAvailable(millpond, GROUP);
}

/** What users do with a Millpond, whichever run of it. */
function sceneOf(millpond: MillpondProcess) {
  const options = () => ({
    ...{ endpoint: millpond.url, region: 'us-east-1' },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const cloudformation = () => new CloudFormation(options());
  const scene = {
    async feed(...words: string[]): Promise<string> {
      const { code, stdout, stderr } = await runCommand(MILLPOND, [
        'feed',
        ...words,
        '--data-dir',
        millpond.dataDir,
      ]);
      if (code !== 0) throw new Error(stderr);
      return stdout;
    },
    async views(): Promise<FeedView[]> {
      return JSON.parse(await scene.feed('list', '--json')) as FeedView[];
    },
    async view(name: string): Promise<FeedView> {
      return (await scene.views()).find((view) => view.name === name)!;
    },
    runs: (name: string) =>
      eventually('the feed runs', async () => (await scene.view(name))?.status.state === 'running'),
    async makeTable(TableName: string): Promise<void> {
      await new DynamoDB(options()).createTable({
        ...{ TableName, BillingMode: 'PAY_PER_REQUEST' as const },
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      });
    },
    async makeFunction(FunctionName: string): Promise<void> {
      const ZipFile = zip({ 'index.js': HANDLER });
      await new Lambda(options()).createFunction({
        ...{ FunctionName, Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile } },
        Role: 'arn:aws:iam::000000000000:role/any',
      });
    },
    /** On the primary. */
    async write(...command: [string, ...string[]]): Promise<void> {
      const { members } = millpond.isRunning ? await millpond.group(GROUP) : { members: before };
      before = members;
      await ask(members.find(({ role }) => role === 'primary')!.address, 6379, ...command);
    },
    async hasItems(TableName: string, expected: string[]): Promise<void> {
      const items = async () => {
        const { Items = [] } = await new DynamoDB(options()).scan({ TableName, ConsistentRead: true });
        return Items.map(({ id, firstName, lastName }) =>
          [id, firstName, lastName].flatMap((attribute) => attribute?.S ?? []).join(' '),
        ).sort();
      };
      await eventually(`the table has ${expected}`, async () => {
        return JSON.stringify(await items()) === JSON.stringify(expected);
      });
    },
    async logged(): Promise<string[]> {
      const logs = new CloudWatchLogs(options());
      const found = await logs
        .filterLogEvents({ logGroupName: '/aws/lambda/seen', filterPattern: 'SEEN' })
        .catch(() => undefined);
      return (found?.events ?? []).map(({ message }) => message!);
    },
    /** The status of the stack afterwards. */
    async stack(how: 'create' | 'update', Target: string): Promise<string> {
      const Properties = { Cache: GROUP, Target };
      const Resources = { Feed: { Type: 'Millpond::ElastiCache::Feed', Properties } };
      const input = { StackName: 'carts', TemplateBody: JSON.stringify({ Resources }) };
      if (how === 'create') await cloudformation().createStack(input);
      else await cloudformation().updateStack(input);
      return await eventually('the stack has settled', async () => {
        const { Stacks } = await cloudformation().describeStacks({ StackName: 'carts' });
        const status = Stacks![0]!.StackStatus!;
        return status.endsWith('IN_PROGRESS') ? undefined : status;
      });
    },
    async deleteStack(): Promise<void> {
      await cloudformation().deleteStack({ StackName: 'carts' });
      await eventually('the stack is gone', () =>
        cloudformation()
          .describeStacks({ StackName: 'carts' })
          .then(
            () => false,
            () => true,
          ),
      );
    },
  };
  let before: Awaited<ReturnType<MillpondProcess['group']>>['members'] = [];
  return scene;
}
