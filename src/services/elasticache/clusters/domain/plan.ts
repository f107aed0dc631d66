// Plans a whole group. The lists of a plan may run concurrently; the actions of one list run in order. An empty plan
// means that nothing is to be done until something changes.

import { nextSubstitutes } from '../../names/domain/replica-names.ts';
import { type Action, acts, type Planned, record } from './action.ts';
import { type Group, membersOf } from './model.ts';
import { isInSync, type Observation, observed } from './observation.ts';
import { planChange } from './plan-change.ts';
import { planCluster } from './plan-cluster.ts';
import { planShard } from './plan-shard.ts';

/** What the controller should do now. */
export interface Plan {
  lists: Action[][];
  /** Why the rest of the record cannot be fulfilled yet: clauses of text, the most urgent first. */
  waits: string[];
}

/** Plans repairs first, and the group's change only when no repair is needed. */
export function plan(group: Group, observation: Observation): Plan {
  if (group.status === 'create-failed') return { lists: [], waits: [] };
  if (group.status === 'deleting') return { lists: planDeletion(group), waits: [] };
  const repairs = group.shards.flatMap((shard) => planShard(group, shard, observation));
  const introductions = group.clusterEnabled ? planCluster(group, observation) : [];
  const urgent = toPlan([...repairs, acts(...introductions), acts(...planReplicaNames(group, observation))]);
  if (urgent.lists.length > 0) return urgent;
  const { lists, waits } = toPlan([planChange(group, observation)]);
  return { lists, waits: [...new Set([...urgent.waits, ...waits])] };
}

const toPlan = (parts: readonly Planned[]): Plan => ({
  lists: parts.map(({ actions }) => actions).filter((actions) => actions.length > 0),
  waits: parts.flatMap(({ waitsFor }) => waitsFor ?? []),
});

function planReplicaNames(group: Group, observation: Observation): Action[] {
  const substitutes = nextSubstitutes(group, (memberId) => isInSync(observed(observation, memberId)));
  return substitutes ? [record({ kind: 'replica-names-redirected', substitutes })] : [];
}

function planDeletion(group: Group): Action[][] {
  return membersOf(group).map((member) => [
    { do: 'remove', memberId: member.id },
    record({ kind: 'member-removed', memberId: member.id }),
  ]);
}
