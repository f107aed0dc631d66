import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFailure, failureIn } from './failure.ts';
import type { Happening } from './follow.ts';
import type { PackagedTemplate } from './package.ts';

const template = (file: string, nested: Record<string, PackagedTemplate> = {}): PackagedTemplate => ({
  ...{ file, source: `${file}:\n  A:\n  B:\n`, text: '', parameters: [] },
  resources: new Map([
    ['A', { line: 2, column: 3 }],
    ['B', { line: 3, column: 3 }],
  ]),
  nested: new Map(Object.entries(nested)),
});
const OUTER = template('outer', { A: template('inner') });

const failed = (path: string, reason: string, status = 'CREATE_FAILED'): Happening => ({
  ...{ path, type: 'T', status, reason, at: 0 },
});
const described = (...happened: Happening[]) => describeFailure(failureIn(happened, OUTER)!);

test('the cause is the first failure that is no consequence and no nested stack', () => {
  assert.equal(
    described(
      failed('B', '', 'CREATE_IN_PROGRESS'),
      failed('B', 'Resource creation cancelled'),
      failed('A/B', 'Too big'),
      failed('A', 'Embedded stack was not created'),
    ),
    'A/B (T) is CREATE_FAILED: Too big\n  inner:3:3\n    3 |   B:\n      |   ^',
  );
  assert.match(
    described(failed('B', 'Resource creation cancelled')),
    /^B \(T\) is CREATE_FAILED: Resource c/,
  );
  assert.equal(failureIn([failed('B', '', 'CREATE_COMPLETE')], OUTER), undefined);
});

test('without a failed resource, the cause is the reason of the rollback', () => {
  const rollback = (path: string, reason: string, status = 'ROLLBACK_IN_PROGRESS') => ({
    ...failed(path, reason, status),
    type: 'AWS::CloudFormation::Stack',
  });
  const reason = 'Transform X failed with: no (line 2, column 3). Rollback requested by user.';
  const shown = `${reason}\n  outer:2:3\n    2 |   A:\n      |   ^`;
  assert.equal(described(rollback('s', reason)), shown);
  assert.equal(described(rollback('s', reason, 'UPDATE_ROLLBACK_IN_PROGRESS')), shown);
  assert.match(described(rollback('s', reason), failed('B', 'Bad')), /^B \(T\) is CREATE_FAILED: Bad/);
});

test('a place in the reason is shown; for a nested stack it may be in either template', () => {
  assert.match(described(failed('B', 'Bad (line 1, column 1)')), /\n {2}outer:1:1\n/);
  assert.match(described(failed('A', 'Bad (line 1, column 1) (line 2, column 3)')), /\n {2}inner:1:1\n/);
  assert.match(described(failed('A', 'No such template (line 2, column 3)')), /\n {2}outer:2:3\n/);
  assert.equal(described(failed('Unknown/X', 'Bad')), 'Unknown/X (T) is CREATE_FAILED: Bad');
});
