import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NodeState } from './fleet.ts';
import { judge, type Vitals } from './health.ts';

const WINDOW = 2_000;

describe('judge', () => {
  const cases: [name: string, vitals: Partial<Vitals>, now: number, expected: NodeState][] = [
    ['just started', {}, 100, 'starting'],
    ['loads its data', { answeredAt: 900, answer: 'loading' }, 1_000, 'starting'],
    ['answers', { answeredAt: 900, answer: 'ready' }, 1_000, 'running'],
    ['late, but within the window', { answeredAt: 0, answer: 'ready' }, 1_999, 'running'],
    ['silent and still', { answeredAt: 0, answer: 'ready' }, 2_000, 'hung'],
    ['silent at work', { answeredAt: 0, answer: 'ready', progressedAt: 1_900 }, 2_000, 'busy'],
    ['silent, then still too', { answeredAt: 0, answer: 'ready', progressedAt: 1_900 }, 3_900, 'hung'],
    ['at work for ever', { answeredAt: 0, answer: 'ready', progressedAt: 14_900 }, 15_000, 'hung'],
    ['paused by a client for long', { answeredAt: 0, answer: 'ready', turnedAt: 59_000 }, 60_000, 'busy'],
    ['paused, then still too', { answeredAt: 0, answer: 'ready', turnedAt: 58_000 }, 60_000, 'hung'],
    [
      'paused, then at work for ever',
      { answeredAt: 0, answer: 'ready', turnedAt: 58_000, progressedAt: 59_900 },
      60_000,
      'hung',
    ],
    ['our loop was away', { answeredAt: 0, answer: 'ready', stalledAt: 2_500 }, 3_000, 'running'],
    ['still silent after our stall', { answeredAt: 0, answer: 'ready', stalledAt: 2_500 }, 4_500, 'hung'],
    ['never answered, still', {}, 2_000, 'hung'],
    ['never answered, at work', { progressedAt: 1_900 }, 2_000, 'starting'],
    ['loads, silent at work', { answeredAt: 0, answer: 'loading', progressedAt: 1_900 }, 2_000, 'busy'],
  ];
  for (const [name, vitals, now, expected] of cases) {
    it(`${name}: ${expected}`, () => {
      assert.equal(judge({ startedAt: 0, ...vitals }, now, WINDOW), expected);
    });
  }

  it('never gives a busy engine less than a long detection window', () => {
    const vitals: Vitals = { startedAt: 0, answeredAt: 0, answer: 'ready', progressedAt: 29_000 };
    assert.equal(judge(vitals, 29_900, 30_000), 'running');
    assert.equal(judge(vitals, 30_000, 30_000), 'hung');
  });
});
