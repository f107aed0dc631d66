// The tag by which a replication group asks for names for its replicas. Validates the tag and updates the group's
// record.

import type { Scope } from '../../../aws/scope.ts';
import type { Tags } from '../../../aws/tags.ts';
import type { Group } from '../clusters/domain/model.ts';
import type { ElastiCache } from '../context.ts';
import { invalidParameterCombination, invalidParameterValue } from '../faults/requests.ts';
import type { TaggedResource } from '../tags/tags.ts';
import { patternOf, REPLICA_NAMES_TAG } from './domain/replica-names.ts';

/** Updates `group.replicaNames` from the group's tags. Throws InvalidParameterValue, InvalidParameterCombination. */
export function setReplicaNames(elasticache: Pick<ElastiCache, 'records'>, group: Group, tags: Tags): void {
  const value = Object.hasOwn(tags, REPLICA_NAMES_TAG) ? tags[REPLICA_NAMES_TAG] : undefined;
  if (value === undefined) {
    delete group.replicaNames;
    return;
  }
  const pattern = patternOf(value);
  if (pattern === undefined) {
    throw invalidParameterValue(
      `The tag ${REPLICA_NAMES_TAG} must be a domain name whose first label does not end with a digit: ` +
        'read.example.internal gives the names read1.example.internal, read2.example.internal and so on.',
    );
  }
  if (group.clusterEnabled)
    throw invalidParameterCombination(
      `The tag ${REPLICA_NAMES_TAG} is for groups with cluster mode disabled.`,
    );
  if (group.replicaNames?.pattern === pattern) return;
  const [other] = elasticache.records.groups.byAnywhere('replicaNames', pattern);
  if (other) throw invalidParameterValue(`The names ${value} are those of replication group ${other.id}.`);
  group.replicaNames = { pattern, homes: [], guests: [] };
}

/** Call it after a change of a resource's tags, in the same transaction. Throws as `setReplicaNames` does. */
export function followTags(
  elasticache: Pick<ElastiCache, 'records' | 'groups'>,
  scope: Scope,
  { type, group }: TaggedResource,
  tags: Tags,
): void {
  if (type !== 'replicationgroup' || !group) return;
  if (!Object.hasOwn(tags, REPLICA_NAMES_TAG) && !group.replicaNames) return;
  elasticache.groups.update(scope, group.id, (latest) => {
    setReplicaNames(elasticache, latest, tags);
    return [];
  });
}
