// The plan of a whole group. Lists may be carried out side by side; the actions in a list follow one another.
// An empty plan means: nothing to do until something changes.

import { type Action, record } from './action.ts';
import { type Group, membersOf } from './model.ts';
import { isInSync, type Observation, observed } from './observation.ts';
import { planChange } from './plan-change.ts';
import { planCluster } from './plan-cluster.ts';
import { planShard } from './plan-shard.ts';
import { nextGuests } from './replica-names.ts';

export function plan(group: Group, observation: Observation): Action[][] {
  if (group.status === 'create-failed') return [];
  if (group.status === 'deleting') return planDeletion(group);
  const repairs = group.shards.flatMap((shard) => planShard(group, shard, observation));
  const introductions = group.clusterEnabled ? planCluster(group, observation) : [];
  const urgent = [...repairs, introductions, planReplicaNames(group, observation)].filter(
    (actions) => actions.length > 0,
  );
  if (urgent.length > 0) return urgent;
  return planChange(group, observation).filter((actions) => actions.length > 0);
}

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
