// `millpond names`, as a person uses it: added to a group, listed, refused, and taken away.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateReplicationGroupCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { MILLPOND, runCommand } from '../support/command.ts';
import { untilAvailable } from '../support/replication-groups.ts';

test('names are added, listed and removed from the command line', async (context) => {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-names-'));
  const dataDir = join(parent, 'state');
  const millpond = (...args: string[]) => runCommand(MILLPOND, [...args, '--data-dir', dataDir]);
  context.after(async () => {
    await millpond('down', '--purge');
    rmSync(parent, { recursive: true, force: true });
  });
  const up = await millpond('up', '--detach', '--port', '0');
  assert.equal(up.code, 0, up.stderr);
  const { listening } = JSON.parse(readFileSync(join(dataDir, 'millpond.json'), 'utf8'));
  const client = new ElastiCacheClient({
    endpoint: listening.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  context.after(() => client.destroy());
  await client.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: 'demo',
      ReplicationGroupDescription: 'names',
      CacheNodeType: 'cache.t4g.micro',
      NumCacheClusters: 3,
      AutomaticFailoverEnabled: true,
    }),
  );
  await untilAvailable(client, 'demo');

  assert.match((await millpond('names', 'list')).stdout, /^No replicas have names yet\.\n$/);
  const added = await millpond('names', 'add', 'demo', 'read.private.redisdub.pl');
  assert.equal(
    added.stdout,
    'read1.private.redisdub.pl   demo-002\nread2.private.redisdub.pl   demo-003\n',
    added.stderr,
  );
  assert.deepEqual(JSON.parse((await millpond('names', 'list', '--json')).stdout), [
    { group: 'demo', region: 'us-east-1', name: 'read1.private.redisdub.pl', member: 'demo-002' },
    { group: 'demo', region: 'us-east-1', name: 'read2.private.redisdub.pl', member: 'demo-003' },
  ]);
  const digit = await millpond('names', 'add', 'demo', 'read1.private.redisdub.pl');
  assert.deepEqual([digit.code, digit.stdout], [1, '']);
  assert.match(digit.stderr, /^millpond: The tag millpond:replica-names must be a domain name/);
  const nobody = await millpond('names', 'add', 'nobody', 'read.x');
  assert.equal(nobody.stderr, 'millpond: There is no replication group nobody.\n');
  assert.equal((await millpond('names', 'remove', 'demo')).code, 0);
  assert.match((await millpond('names', 'list')).stdout, /^No replicas have names yet\.\n$/);
});
