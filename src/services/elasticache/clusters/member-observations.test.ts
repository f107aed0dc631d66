// Tests that an observation of a member is valid until the fleet reports that the member changed.

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

test('a member serves in the role last observed, until the fleet reports a change', () => {
  const { observations, change } = open();
  const group = groupOf();
  const primary = { id: 'a-001' };
  assert.equal(observations.serviceOf(scope, group, primary), 'none', 'it was never observed');

  observations.note(scope, 'a-001', primarySeen());
  assert.equal(observations.serviceOf(scope, group, primary), 'primary');

  change('running', fleetKey(scope, 'a-001'));
  assert.equal(observations.serviceOf(scope, group, primary), 'none');
  assert.equal(observations.lastSeen(scope, 'a-001'), undefined);
});

test('an observation that the fleet has already overtaken is not stored', () => {
  const { observations, change } = open();
  const observation = primarySeen();
  change('exited', fleetKey(scope, 'a-001'));
  observations.note(scope, 'a-001', observation);
  assert.equal(observations.lastSeen(scope, 'a-001'), undefined);
});

test('silence counts from the first observation without an answer', () => {
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

test('after stop it no longer listens to the fleet', () => {
  const { observations, listeners } = open();
  observations.stop();
  assert.equal(listeners.size, 0);
});
