// What the members of all groups were last seen to do. The controller writes it down after each look; names, answers and
// choices read it, and never wait for an engine.

import type { Scope } from '../../../aws/scope.ts';
import type { Fleet } from '../../../engine/fleet.ts';
import { fleetKey } from './controller/members.ts';
import type { Group } from './domain/model.ts';
import { type MemberService, type ObservedMember, serviceOf } from './domain/observation.ts';

export interface MemberObservations {
  /**
   * Writes down a look at a member, and how long it has been silent into `member.silentMs`. A look that the fleet has
   * overtaken is not kept.
   */
  note(scope: Scope, memberId: string, member: ObservedMember): void;
  /** `undefined` for a member that has changed since the last look, or was never looked at. */
  lastSeen(scope: Scope, memberId: string): ObservedMember | undefined;
  /** What the member can be used for right now. */
  serviceOf(scope: Scope, group: Group, member: { id: string }): MemberService;
  forget(nodeKey: string): void;
  stop(): void;
}

type WatchedFleet = Pick<Fleet, 'status' | 'onChange'>;

export function createMemberObservations(fleet: WatchedFleet): MemberObservations {
  const seen = new Map<string, ObservedMember>();
  /** Nodes that run and have not said how they are, since when. */
  const silentSince = new Map<string, number>();

  // What was seen of it holds no more; until the next look it serves nobody.
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
