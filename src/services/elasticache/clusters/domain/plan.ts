// The plan of a whole group. Lists may be carried out side by side; the actions in a list follow one another.
// An empty plan means: nothing to do until something changes.

import { nextGuests } from '../../names/domain/replica-names.ts';
import { type Action, acts, type Planned, record } from './action.ts';
import { type Group, membersOf } from './model.ts';
import { isInSync, type Observation, observed } from './observation.ts';
import { planChange } from './plan-change.ts';
import { planCluster } from './plan-cluster.ts';
import { planShard } from './plan-shard.ts';

export interface Plan {
  lists: Action[][];
  /** What keeps the rest of the record from being made true now: clauses for people, most urgent first. */
  waits: string[];
}

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
  const guests = nextGuests(group, (memberId) => isInSync(observed(observation, memberId)));
  return guests ? [record({ kind: 'replica-names-shared', guests })] : [];
}

function planDeletion(group: Group): Action[][] {
  return membersOf(group).map((member) => [
    { do: 'remove', memberId: member.id },
    record({ kind: 'member-removed', memberId: member.id }),
  ]);
}
