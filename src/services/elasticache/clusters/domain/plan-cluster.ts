// Cluster mode: who knows whom. A node that joins must be introduced to each of the others, and one that is gone
// must be forgotten by all, or its name haunts CLUSTER NODES for ever.

import type { Action } from './action.ts';
import { type Group, type Member, membersOf } from './model.ts';
import { type Observation, observed } from './observation.ts';
import { SLOT_COUNT } from './slots.ts';

export function planCluster(group: Group, observation: Observation): Action[] {
  const members = membersOf(group).filter((member) => member.phase !== 'deleting');
  return members.flatMap((member) => planAcquaintances(member, members, observation));
}

function planAcquaintances(member: Member, members: Member[], observation: Observation): Action[] {
  const seen = observed(observation, member.id);
  const known = seen.view?.cluster?.nodes;
  if (seen.state !== 'running' || !known) return [];
  const knownIds = new Set(known.map((node) => node.id));
  const strangers = members.filter(
    (other) =>
      other.id !== member.id &&
      !knownIds.has(other.engineNodeId!) &&
      observed(observation, other.id).state === 'running',
  );
  const memberIds = new Set(members.map((other) => other.engineNodeId));
  const ghosts = known.filter((node) => !node.handshake && !memberIds.has(node.id)).map((node) => node.id);
  const actions: Action[] = [];
  if (strangers.length > 0) {
    actions.push({ do: 'introduce', memberId: member.id, to: strangers.map((other) => other.id) });
  }
  if (ghosts.length > 0) actions.push({ do: 'forget', memberId: member.id, engineNodeIds: ghosts });
  return actions;
}

/** Every node sees a healthy cluster of the right size in which each slot has an owner, and knows all names. */
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
