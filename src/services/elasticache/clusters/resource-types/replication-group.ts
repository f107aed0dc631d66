// The resource type AWS::ElastiCache::ReplicationGroup. Changes a group in place as far as ElastiCache can, including
// replicas and shards.

import type { CreateReplicationGroupMessage, ReplicationGroup } from '@aws-sdk/client-elasticache';
import type { Scope } from '../../../../aws/scope.ts';
import { physicalName } from '../../../../control/physical-name.ts';
import { createOnce, finishing, unless } from '../../../../control/resource-attempts.ts';
import { ResourceFailure } from '../../../../control/resource-failure.ts';
import { objectsOf } from '../../../../control/resource-properties.ts';
import type {
  ExistingResource,
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../../../control/resource-type.ts';
import type { ElastiCacheTypeDependencies } from '../../resource-type-dependencies.ts';
import { retag, tagsFor } from '../../tags/resource-tags.ts';
import { waitFor } from './waiting.ts';

const MAX_NAME_LENGTH = 40;
const NOT_FOUND = /^ReplicationGroupNotFoundFault$/;

/** The properties that ModifyReplicationGroup accepts under the same name. */
const SETTABLE = [
  'AuthToken',
  'AutoMinorVersionUpgrade',
  'AutomaticFailoverEnabled',
  'CacheNodeType',
  'CacheParameterGroupName',
  'CacheSecurityGroupNames',
  'ClusterMode',
  'Engine',
  'EngineVersion',
  'IpDiscovery',
  'LogDeliveryConfigurations',
  'MultiAZEnabled',
  'NotificationTopicArn',
  'PreferredMaintenanceWindow',
  'PrimaryClusterId',
  'ReplicationGroupDescription',
  'SecurityGroupIds',
  'SnapshotRetentionLimit',
  'SnapshotWindow',
  'SnapshottingClusterId',
  'TransitEncryptionEnabled',
  'TransitEncryptionMode',
] as const;

/** Return values: the endpoints, under CloudFormation's spelling; see `stateOf`. */
export function replicationGroup(dependencies: ElastiCacheTypeDependencies): ResourceType {
  const { client } = dependencies;
  return {
    name: 'AWS::ElastiCache::ReplicationGroup',
    async create(request) {
      const { properties, scope, signal } = request;
      const given = properties.ReplicationGroupId as string | undefined;
      const id = (given ?? physicalName(request, { maxLength: MAX_NAME_LENGTH })).toLowerCase();
      const { Tags: _tags, SnapshottingClusterId: _member, ...rest } = properties;
      const input = {
        // AWS: CloudFormation turns it on by default, unlike the API. Measured by others in September 2026.
        ...(properties.PrimaryClusterId === undefined && { AutomaticFailoverEnabled: true }),
        ...(rest as unknown as CreateReplicationGroupMessage),
        ReplicationGroupDescription: String(properties.ReplicationGroupDescription ?? ''),
        ReplicationGroupId: id,
        Tags: tagsFor(request),
      };
      const creation = client.call('CreateReplicationGroup', input, scope);
      await createOnce(request, /^ReplicationGroupAlreadyExistsFault$/, creation);
      const group = await available(dependencies, scope, id, signal);
      await setSnapshottingMember(dependencies, request, group);
      return stateOf(await available(dependencies, scope, id, signal));
    },
    async update(request) {
      const { physicalId, scope, signal } = request;
      await available(dependencies, scope, physicalId, signal);
      // AWS: a resource that is being modified accepts no tags.
      await retag(dependencies, request, `replicationgroup:${physicalId}`);
      await modify(dependencies, request);
      await changeReplicas(dependencies, request);
      await changeShards(dependencies, request);
      return stateOf(await available(dependencies, scope, physicalId, signal));
    },
    async delete({ physicalId, scope, signal }) {
      const present = () => look(dependencies, scope, physicalId);
      const target = { scope, id: physicalId, signal };
      const found = await present();
      if (found && found.Status !== 'deleting') {
        const isSettled = (one: ReplicationGroup | undefined) =>
          one?.Status !== 'creating' && one?.Status !== 'modifying';
        await waitFor(dependencies, target, present, isSettled);
        await unless(
          NOT_FOUND,
          client.call('DeleteReplicationGroup', { ReplicationGroupId: physicalId }, scope),
        );
      }
      await waitFor(dependencies, target, present, (left) => left === undefined);
    },
    replaces(property, { before, after, updatePolicy }) {
      // AWS: the published specification requires a replacement; the types' own schemas of July 2026 do not.
      if (property === 'Engine') return false;
      if (property === 'AuthToken') return before.AuthToken === undefined && after.AuthToken !== undefined;
      if (property === 'ReplicasPerNodeGroup') {
        // AWS: the specification requires a replacement; since July 2026 it changes in place, unless the template has
        // NodeGroupConfiguration.
        return before.NodeGroupConfiguration === undefined && after.NodeGroupConfiguration === undefined
          ? false
          : undefined;
      }
      if (property !== 'NumNodeGroups' && property !== 'NodeGroupConfiguration') return undefined;
      // AWS: changes in place only if the resource's UpdatePolicy allows it.
      const { UseOnlineResharding } = (updatePolicy ?? {}) as { UseOnlineResharding?: unknown };
      return String(UseOnlineResharding) !== 'true';
    },
  };
}

/** AWS: done by a separate request once the group exists; refused with cluster mode on. */
async function setSnapshottingMember(
  { client }: ElastiCacheTypeDependencies,
  { properties, scope }: ResourceRequest,
  group: ReplicationGroup,
): Promise<void> {
  const { ReplicationGroupId: id = '', ClusterEnabled } = group;
  const member = properties.SnapshottingClusterId as string | undefined;
  if (member === undefined || member === group.SnapshottingClusterId) return;
  if (ClusterEnabled) {
    const refusal = 'Cannot set snapshotting cluster for cluster mode enabled replication group.';
    throw new ResourceFailure(refusal, id);
  }
  const input = { ReplicationGroupId: id, SnapshottingClusterId: member, ApplyImmediately: true };
  await finishing(id, () => client.call('ModifyReplicationGroup', input, scope));
}

async function look(
  { client }: ElastiCacheTypeDependencies,
  scope: Scope,
  id: string,
): Promise<ReplicationGroup | undefined> {
  const found = await unless(
    NOT_FOUND,
    client.call('DescribeReplicationGroups', { ReplicationGroupId: id }, scope),
  );
  return found?.ReplicationGroups?.[0];
}

async function available(
  dependencies: ElastiCacheTypeDependencies,
  scope: Scope,
  id: string,
  signal: AbortSignal,
): Promise<ReplicationGroup> {
  const isDone = (found: ReplicationGroup | undefined) =>
    found?.Status !== 'creating' && found?.Status !== 'modifying' && found?.Status !== 'snapshotting';
  const found = await waitFor(
    dependencies,
    { scope, id, signal },
    () => look(dependencies, scope, id),
    isDone,
  );
  if (found?.Status === 'available') return found;
  throw new ResourceFailure(`Replication group ${id} is ${found?.Status ?? 'gone'}.`, id);
}

async function modify(
  { client }: ElastiCacheTypeDependencies,
  { properties, before, physicalId, scope }: ExistingResource & { before: Properties },
): Promise<void> {
  const changed = SETTABLE.filter(
    (name) => properties[name] !== undefined && !same(before[name], properties[name]),
  ).map((name) => [name, properties[name]] as const);
  if (changed.length === 0) return;
  const input = {
    ReplicationGroupId: physicalId,
    ApplyImmediately: true,
    ...Object.fromEntries(changed),
    // An unchanged EngineVersion may belong to the new engine only, so it is sent, too.
    ...(changed.some(([name]) => name === 'Engine') &&
      properties.EngineVersion !== undefined && { EngineVersion: String(properties.EngineVersion) }),
  };
  await client.call('ModifyReplicationGroup', input, scope);
}

/** Applies NumCacheClusters or ReplicasPerNodeGroup, if the group differs from it. */
async function changeReplicas(
  dependencies: ElastiCacheTypeDependencies,
  { properties, before, physicalId, scope, signal }: ExistingResource & { before: Properties },
): Promise<void> {
  const ofEach = properties.ReplicasPerNodeGroup;
  const inAll = properties.NumCacheClusters;
  let wanted: number;
  if (ofEach !== undefined && !same(before.ReplicasPerNodeGroup, ofEach)) wanted = Number(ofEach);
  else if (inAll !== undefined && !same(before.NumCacheClusters, inAll)) wanted = Number(inAll) - 1;
  else return;
  const group = await available(dependencies, scope, physicalId, signal);
  const replicas = (group.MemberClusters?.length ?? 0) / (group.NodeGroups?.length || 1) - 1;
  if (replicas === wanted) return;
  const operation = wanted > replicas ? 'IncreaseReplicaCount' : 'DecreaseReplicaCount';
  const input = { ReplicationGroupId: physicalId, NewReplicaCount: wanted, ApplyImmediately: true };
  await dependencies.client.call(operation, input, scope);
}

/** Applies NumNodeGroups. Removes the node groups with the highest ids. */
async function changeShards(
  dependencies: ElastiCacheTypeDependencies,
  { properties, before, physicalId, scope, signal }: ExistingResource & { before: Properties },
): Promise<void> {
  const wanted = Number(properties.NumNodeGroups ?? lengthOf(properties.NodeGroupConfiguration));
  if (!(wanted >= 1)) return;
  if (wanted === Number(before.NumNodeGroups ?? lengthOf(before.NodeGroupConfiguration))) {
    if (same(before.NodeGroupConfiguration ?? null, properties.NodeGroupConfiguration ?? null)) return;
    const found = await look(dependencies, scope, physicalId);
    if (fits(found, objectsOf(properties, 'NodeGroupConfiguration'))) return;
    throw new Error('Only the number of node groups in NodeGroupConfiguration can be changed in place.');
  }
  const group = await available(dependencies, scope, physicalId, signal);
  const ids = (group.NodeGroups ?? []).map(({ NodeGroupId = '' }) => NodeGroupId).sort();
  if (ids.length === wanted) return;
  await dependencies.client.call(
    'ModifyReplicationGroupShardConfiguration',
    {
      ReplicationGroupId: physicalId,
      NodeGroupCount: wanted,
      ApplyImmediately: true,
      ...(ids.length > wanted && { NodeGroupsToRemove: ids.slice(wanted) }),
    },
    scope,
  );
}

/** Whether the group already matches the description, as it does during the rollback of a refused change. */
function fits(group: ReplicationGroup | undefined, wanted: readonly Properties[]): boolean {
  const shards = [...(group?.NodeGroups ?? [])].sort((a, b) =>
    (a.NodeGroupId ?? '') < (b.NodeGroupId ?? '') ? -1 : 1,
  );
  return wanted.every(({ NodeGroupId, Slots, ReplicaCount }, index) => {
    const shard =
      NodeGroupId === undefined ? shards[index] : shards.find((one) => one.NodeGroupId === NodeGroupId);
    const replicas = (shard?.NodeGroupMembers?.length ?? 0) - 1;
    return (
      (Slots === undefined || Slots === shard?.Slots) &&
      (ReplicaCount === undefined || Number(ReplicaCount) === replicas)
    );
  });
}

const lengthOf = (value: unknown): number | undefined => (Array.isArray(value) ? value.length : undefined);
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The return values. AWS: `EndPoint` has a capital P, and ports are text. */
function stateOf(group: ReplicationGroup): ResourceState {
  const [shard] = group.NodeGroups ?? [];
  const readers = (shard?.NodeGroupMembers ?? []).flatMap(({ ReadEndpoint }) =>
    ReadEndpoint ? [ReadEndpoint] : [],
  );
  const addresses = readers.map(({ Address = '' }) => Address);
  const ports = readers.map(({ Port = 0 }) => String(Port));
  const endpoint = (
    name: string,
    found: { Address?: string | undefined; Port?: number | undefined } | undefined,
  ) =>
    found ? { [`${name}.Address`]: found.Address ?? '', [`${name}.Port`]: String(found.Port ?? '') } : {};
  return {
    physicalId: group.ReplicationGroupId ?? '',
    attributes: {
      ...endpoint('PrimaryEndPoint', shard?.PrimaryEndpoint),
      ...endpoint('ReaderEndPoint', shard?.ReaderEndpoint),
      ...endpoint('ConfigurationEndPoint', group.ConfigurationEndpoint),
      'ReadEndPoint.Addresses': `[${addresses.join(', ')}]`,
      'ReadEndPoint.AddressesList': addresses,
      'ReadEndPoint.Addresses.List': addresses,
      'ReadEndPoint.Ports': `[${ports.join(', ')}]`,
      'ReadEndPoint.PortsList': ports,
      'ReadEndPoint.Ports.List': ports,
    },
  };
}
