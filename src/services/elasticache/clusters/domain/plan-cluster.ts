// Cluster mode: plans which nodes must meet or forget each other. A node that joins must be introduced to each of the
// others; a removed node must be forgotten by all, or it stays in CLUSTER NODES for ever.

import type { Action } from './action.ts';
import { type Group, type Member, membersOf } from './model.ts';
import { isIsolated, type Observation, observed } from './observation.ts';
import { SLOT_COUNT } from './slots.ts';

/** The `introduce` and `forget` actions that the members need now. */
export function planCluster(group: Group, observation: Observation): Action[] {
  const members = membersOf(group).filter((member) => member.phase !== 'deleting');
  return members.flatMap((member) => planMeetings(member, members, observation));
}

function planMeetings(member: Member, members: Member[], observation: Observation): Action[] {
  const seen = observed(observation, member.id);
  const known = seen.view?.cluster?.nodes;
  if (seen.state !== 'running' || !known || isIsolated(seen)) return [];
  const knownIds = new Set(known.map((node) => node.id));
  const unmet = members.filter(
    (other) =>
      other.id !== member.id &&
      !knownIds.has(other.engineNodeId!) &&
      observed(observation, other.id).state === 'running' &&
      !isIsolated(observed(observation, other.id)),
  );
  const memberIds = new Set(members.map((other) => other.engineNodeId));
  const removed = known.filter((node) => !node.handshake && !memberIds.has(node.id)).map((node) => node.id);
  const actions: Action[] = [];
  if (unmet.length > 0) {
    actions.push({ do: 'introduce', memberId: member.id, to: unmet.map((other) => other.id) });
  }
  if (removed.length > 0) actions.push({ do: 'forget', memberId: member.id, engineNodeIds: removed });
  return actions;
}

/** True when every node sees a healthy cluster of the right size, with an owner for each slot, and knows all names. */
export function clusterAgrees(group: Group, observation: Observation): boolean {
  const members = membersOf(group);
  return members.every((member) => {
    const cluster = observed(observation, member.id).view?.cluster;
    return (
      cluster?.state === 'ok' &&
      !cluster.lacksNames &&
      cluster.knownNodes === members.length &&
      cluster.assignedSlots === SLOT_COUNT
    );
  });
}
