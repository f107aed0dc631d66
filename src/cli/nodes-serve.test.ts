// What a start says of nodes that do not serve in time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../config.ts';
import { nodesServe } from './nodes-serve.ts';

const config = parseConfig({ dataDir: '/somewhere' }, {});
const never = new AbortController().signal;

test('a start waits for the nodes, and says nothing when all serve', async () => {
  const answers = [['a', 'b'], ['b'], []];
  const groupsNotServing = () => answers.shift()!;
  assert.equal(await nodesServe({ config, groupsNotServing }, never), undefined);
  assert.deepEqual(answers, []);
});

test('after its time a start names the groups, a few of them', async () => {
  const lineFor = (count: number) => {
    const ids = Array.from({ length: count }, (_, index) => `g${index}`);
    return nodesServe({ config, groupsNotServing: () => ids }, never, 0);
  };
  assert.match((await lineFor(1))!, /^nodes of g0 do not serve yet; `.*why .*g0` says why\.$/);
  assert.match((await lineFor(8))!, /^nodes of g0, g1, g2, g3, g4 and 3 more do not serve yet;/);
});

test('a signal ends the wait', async () => {
  const ending = new AbortController();
  const waiting = nodesServe({ config, groupsNotServing: () => ['a'] }, ending.signal);
  ending.abort();
  assert.equal(await waiting, undefined);
});
