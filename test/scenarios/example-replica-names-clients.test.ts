// The clients of examples/replica-names, as its README runs them: a table while it happens, and a picture.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathOfTest } from '../support/outside-clients.ts';
import { eventually } from '../support/replication-groups.ts';
import { startWalkthrough, whatIsMissing } from '../support/walkthrough.ts';

const SECONDS = 8;

test('five clients around a failover', { skip: whatIsMissing() }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'millpond-clients-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const picture = join(folder, 'clients.svg');
  const { aws, type } = await startWalkthrough(t, 'us-east-1');
  const example = (file: string) => pathOfTest(`../examples/replica-names/${file}`);
  await aws(
    ...([
      'cloudformation',
      'create-stack',
      '--stack-name',
      'shop',
      '--capabilities',
      'CAPABILITY_IAM',
    ] as const),
    ...['--template-body', `file://${example('stack.yaml')}`],
    ...['--parameters', 'ParameterKey=ReplicaNames,ParameterValue=built-in'],
  );
  await eventually('the stack is there', async () => {
    const { Stacks } = await aws('cloudformation', 'describe-stacks', '--stack-name', 'shop');
    return Stacks[0].StackStatus === 'CREATE_COMPLETE';
  });
  const clients = (...flags: string[]) =>
    type('node', example('clients.mjs'), '--group', 'shop', '--picture', picture, ...flags);

  const printed = await clients('--seconds', `${SECONDS}`, '--failover-after', '2', '--requests', '20');
  const rows = printed.split('\n').filter((line) => /^ +\d+ /.test(line));
  assert.equal(rows.length, SECONDS, printed);
  assert.match(rows[2]!, /<- TestFailover$/);
  const lastOf = (row: string) => row.trim().split(/\s+/).slice(1, 7);
  const [before, after] = [lastOf(rows[0]!), lastOf(rows.at(-1)!)];
  // `!` may be anywhere on a busy machine.
  const nodes = (cells: string[]) => cells.map((cell) => cell.replace('!', ''));
  assert.deepEqual(nodes(before), ['001', '002', '003', '004', '005', '006'], printed);
  assert.equal(new Set(nodes(after)).size, 6, printed);
  assert.notEqual(nodes(after)[0], '001', printed);
  assert.equal(
    [...printed.matchAll(/^read\d: \d+ looks, \d+ failed, \d+ met the primary/gm)].length,
    5,
    printed,
  );
  const svg = readFileSync(picture, 'utf8');
  assert.ok(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"') && svg.endsWith('</svg>\n'));
  for (const label of ['primary', 'read5', '006', 'TestFailover'])
    assert.ok(svg.includes(`>${label}</text>`), label);

  assert.match(
    await clients('--names', 'none.example.com', '--seconds', 'x'),
    /--seconds must be a whole number/,
  );
  assert.match(
    await type('node', example('clients.mjs'), '--group', 'none'),
    /Replication group none not found/,
  );
});
