// What was seen of a member holds until the fleet says that something about it changed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetKey } from './controller/members.ts';
import type { ObservedMember } from './domain/observation.ts';
import { groupOf, primary as primarySeen } from './domain/planning.fixture.ts';
import { createMemberObservations } from './member-observations.ts';

const scope = { accountId: '000000000000', region: 'us-east-1' };

function open() {
  const listeners = new Set<(nodeKey: string) => void>();
  let state: 'running' | 'exited' = 'running';
  const observations = createMemberObservations({
    status: () => ({ state }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  return {
    observations,
    listeners,
    change(to: typeof state, nodeKey: string) {
      state = to;
      for (const listener of listeners) listener(nodeKey);
    },
  };
}

test('a member serves as it was last seen, until the fleet says that it changed', () => {
  const { observations, change } = open();
  const group = groupOf();
  const primary = { id: 'a-001' };
  assert.equal(observations.serviceOf(scope, group, primary), 'none', 'nobody has looked at it');

  observations.note(scope, 'a-001', primarySeen());
  assert.equal(observations.serviceOf(scope, group, primary), 'primary');

  change('running', fleetKey(scope, 'a-001'));
  assert.equal(observations.serviceOf(scope, group, primary), 'none');
  assert.equal(observations.lastSeen(scope, 'a-001'), undefined);
});

test('a look that the fleet has overtaken is not kept', () => {
  const { observations, change } = open();
  const look = primarySeen();
  change('exited', fleetKey(scope, 'a-001'));
  observations.note(scope, 'a-001', look);
  assert.equal(observations.lastSeen(scope, 'a-001'), undefined);
});

test('silence is counted from the first look that got no answer', () => {
  const { observations } = open();
  const looks = [0, 1].map(() => ({ state: 'running' }) as ObservedMember);
  for (const look of looks) observations.note(scope, 'a-001', look);
  assert.equal(looks[0]!.silentMs, 0);
  assert.ok(looks[1]!.silentMs! >= 0);

  observations.note(scope, 'a-001', primarySeen());
  const later: ObservedMember = { state: 'running' };
  observations.note(scope, 'a-001', later);
  assert.equal(later.silentMs, 0, 'an answer came in between');
});

test('once stopped, it listens no more', () => {
  const { observations, listeners } = open();
  observations.stop();
  assert.equal(listeners.size, 0);
});
