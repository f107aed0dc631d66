// No body of the largest size holds the event loop for long.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longestTurn } from '../../../../test/support/longest-turn.ts';
import { inSlices } from '../../../kernel/turn.ts';
import { drawingOf } from './drawing.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
/** What health checks can wait for; as long as in the hostile suite. */
const LONGEST_MS = 50;

const times = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => of(i));
const graphs = (count: number, metrics: unknown[]) => ({
  widgets: times(count, () => ({ type: 'metric', properties: { region: 'us-east-1', metrics } })),
});

const BODIES: Record<string, object> = {
  'many metrics': graphs(
    500,
    times(40, (index) => ['Namespace', `Name${index}`, 'Dimension', `value${index}`]),
  ),
  'long rows by shorthand': graphs(190, [
    ['N', 'm', ...times(60, (index) => `d${index}`)],
    ...times(499, () => ['...']),
  ]),
  'a dimension for each metric': graphs(
    90,
    times(480, (index) => ['N', 'm', `d${index}`, 'v']),
  ),
  expressions: graphs(
    100,
    times(400, () => [{ expression: 'm1+1' }]),
  ),
  'long expressions': graphs(20, [
    ['N', 'm', { id: 'a' }],
    ...times(20, () => [{ expression: `a${'+a'.repeat(1_200)}` }]),
  ]),
  'a chain of expressions': graphs(55, [
    ['N', 'm', { id: 'x0' }],
    ...times(499, (index) => [{ id: `x${index + 1}`, expression: `x${index}` }]),
  ]),
};

for (const [name, body] of Object.entries(BODIES)) {
  test(name, async () => {
    const json = JSON.stringify(body);
    assert.ok(json.length > 500_000 && json.length <= 1_048_576, String(json.length));
    const draw = () => inSlices(drawingOf(json, 'us-east-1', NOW));
    // The first time compiles the code.
    assert.ok('widgets' in (await draw()));
    const turns = [await longestTurn(draw), await longestTurn(draw), await longestTurn(draw)];
    assert.ok(Math.min(...turns) < LONGEST_MS, turns.join(', '));
  });
}
