// The last observation of every member. The controller stores it after each pass; names, responses and choices read
// it, so that they never wait for an engine.

import type { Scope } from '../../../aws/scope.ts';
import type { Fleet } from '../../../engine/fleet.ts';
import { fleetKey } from './controller/members.ts';
import type { Group } from './domain/model.ts';
import { type MemberService, type ObservedMember, serviceOf } from './domain/observation.ts';

/** The last observations, by member. In memory only. */
export interface MemberObservations {
  /**
   * Stores an observation, and sets its `silentMs`. An observation that the fleet's present state contradicts is not
   * stored.
   */
  note(scope: Scope, memberId: string, member: ObservedMember): void;
  /** `undefined` for a member that has changed since its last observation, or was never observed. */
  lastSeen(scope: Scope, memberId: string): ObservedMember | undefined;
  /** The role in which the member serves right now. */
  serviceOf(scope: Scope, group: Group, member: { id: string }): MemberService;
  forget(nodeKey: string): void;
  stop(): void;
}

type WatchedFleet = Pick<Fleet, 'status' | 'onChange'>;

/** Listens to the fleet until `stop`. */
export function createMemberObservations(fleet: WatchedFleet): MemberObservations {
  const seen = new Map<string, ObservedMember>();
  /** When each running node without an answer became silent. Monotonic milliseconds. */
  const silentSince = new Map<string, number>();

  // The observation is no longer valid. Until the next one, the member counts as not serving.
  const unsubscribe = fleet.onChange((nodeKey) => void seen.delete(nodeKey));

  function noteSilence(key: string, member: ObservedMember): void {
    const silent = !member.view && (member.state === 'running' || member.state === 'starting');
    if (!silent) return void silentSince.delete(key);
    const now = performance.now();
    const since = silentSince.get(key) ?? now;
    silentSince.set(key, since);
    member.silentMs = now - since;
  }

  return {
    note(scope, memberId, member) {
      const key = fleetKey(scope, memberId);
      noteSilence(key, member);
      if (fleet.status(key).state === member.state) seen.set(key, member);
    },
    lastSeen: (scope, memberId) => seen.get(fleetKey(scope, memberId)),
    serviceOf(scope, group, member) {
      const key = fleetKey(scope, member.id);
      if (fleet.status(key).state !== 'running') return 'none';
      const last = seen.get(key);
      return last ? serviceOf(group, member.id, last) : 'none';
    },
    forget(nodeKey) {
      seen.delete(nodeKey);
      silentSince.delete(nodeKey);
    },
    stop: unsubscribe,
  };
}
