// Parameter groups as the operations see them: those of customers, which are stored, and the default ones, which are
// derived from the families.

import type { Pages } from '../../../aws/pages.ts';
import type { Scope } from '../../../aws/scope.ts';
import type { Range } from '../../../store/store.ts';
import { membersOf } from '../clusters/domain/model.ts';
import type { ElastiCache } from '../context.ts';
import { arnOf, nameToFind } from '../domain/identifiers.ts';
import type { ElastiCacheEvent } from '../events/domain/event.ts';
import {
  cacheParameterGroupNotFoundFault,
  invalidCacheParameterGroupStateFault,
  parameterNotModifiable,
} from '../faults/parameters.ts';
import { markerOf, type PageRequest, readOf } from '../paging.ts';
import type { ParameterGroup } from '../records.ts';
import {
  DEFAULT_GROUPS,
  type DefaultGroup,
  type Parameter,
  parameterOrder,
} from './domain/parameter-families.ts';
import { effectiveParameters } from './domain/parameters.ts';

/** A customer's group or a default group. */
export interface KnownParameterGroup extends ParameterGroup {
  clusterEnabled: boolean;
  /** True for AWS's own groups, which are not stored and cannot be changed or deleted. */
  isDefault: boolean;
}

type Records = Pick<ElastiCache, 'records'>;

/** Throws CacheParameterGroupNotFound, or what `notFound` returns; InvalidParameterValue for a blank name. */
export function parameterGroupNamed(
  { records }: Records,
  scope: Scope,
  requested: string | undefined,
  notFound: (name: string) => Error = cacheParameterGroupNotFoundFault,
): KnownParameterGroup {
  const name = nameToFind('CacheParameterGroupName', requested);
  const known = DEFAULT_GROUPS.find((group) => group.name === name);
  if (known) return knownDefault(known);
  const stored = records.parameterGroups.find(scope, name);
  if (!stored) throw notFound(name);
  return knownStored(stored);
}

/** All default groups, and the account's own groups in `range`, sorted by name. */
export function parameterGroups({ records }: Records, scope: Scope, range: Range): KnownParameterGroup[] {
  const own = records.parameterGroups.list(scope, range);
  const all = [...DEFAULT_GROUPS.map(knownDefault), ...own.map(knownStored)];
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** All parameters of a group with their values: the family's defaults, overridden by the group's own values. */
export const valuesOf = (group: KnownParameterGroup): Record<string, string> =>
  effectiveParameters(group.family, group.clusterEnabled, group.values);

/** AWS's CacheParameterGroup. */
export function viewParameterGroup(scope: Scope, group: ParameterGroup) {
  return {
    CacheParameterGroupName: group.name,
    CacheParameterGroupFamily: group.family,
    Description: group.description,
    IsGlobal: false,
    ARN: arnOf(scope, 'parametergroup', group.name),
  };
}

/**
 * Stores new values and their events in one transaction, and wakes the groups that use the parameter group. `change`
 * gets the latest record. Returns the group's name. Throws InvalidCacheParameterGroupState for a default group.
 */
export function updateValues(
  elasticache: ElastiCache,
  scope: Scope,
  requested: string | undefined,
  change: (group: KnownParameterGroup) => Record<string, string>,
): string {
  return elasticache.store.transaction(() => {
    const group = parameterGroupNamed(elasticache, scope, requested);
    refuseDefault(group);
    const values = change(group);
    const users = elasticache.records.groups.by(scope, 'parameterGroup', group.name);
    if (users.length > 0 && isClusterOn(values) !== group.clusterEnabled) {
      throw parameterNotModifiable('cluster-enabled');
    }
    const { name, family, description } = group;
    elasticache.records.parameterGroups.put(scope, { name, family, description, values });
    const before = valuesOf(group);
    const after = effectiveParameters(family, false, values);
    for (const [parameter, value] of Object.entries(after)) {
      if (value === before[parameter]) continue;
      const message = `Updated parameter ${parameter} to ${value}`;
      const event: ElastiCacheEvent = { sourceType: 'cache-parameter-group', sourceId: name, message };
      elasticache.events.append(scope, elasticache.clock.now(), event);
      for (const user of users) {
        elasticache.groups.appendEvents(
          scope,
          user,
          membersOf(user).map(({ id }) => parametersChanged(id, message)),
        );
      }
    }
    for (const user of users) elasticache.wake(scope, user.id);
    return name;
  });
}

/** Throws InvalidCacheParameterGroupState for a default group. */
export function refuseDefault(group: KnownParameterGroup): void {
  if (group.isDefault)
    throw invalidCacheParameterGroupStateFault(
      `The default parameter group ${group.name} can be neither modified nor deleted.`,
    );
}

const parametersChanged = (memberId: string, message: string): ElastiCacheEvent => ({
  sourceType: 'cache-cluster',
  sourceId: memberId,
  message,
  notification: 'CacheClusterParametersChanged',
});

/** A page of parameters as the API shows it. AWS: parameters that depend on the node type are in a separate list. */
export function viewParameters(
  parameters: readonly Parameter[],
  sourceAndValue: (parameter: Parameter) => { source: string; value: string },
  pages: Pages,
  request: PageRequest,
) {
  const { items, token } = pages.ofSorted(parameters, parameterOrder, readOf(request));
  const shared = (parameter: Parameter) => ({
    ParameterName: parameter.name,
    Description: parameter.description,
    Source: sourceAndValue(parameter).source,
    DataType: parameter.type,
    ...(parameter.allowed !== undefined && { AllowedValues: parameter.allowed }),
    IsModifiable: parameter.modifiable,
    MinimumEngineVersion: parameter.minimumVersion,
    ChangeType: parameter.changeType,
  });
  return {
    ...markerOf(token),
    Parameters: items
      .filter((parameter) => !parameter.perNodeType)
      .map((parameter) => ({ ...shared(parameter), ParameterValue: sourceAndValue(parameter).value })),
    CacheNodeTypeSpecificParameters: items
      .filter((parameter) => parameter.perNodeType)
      .map((parameter) => ({
        ...shared(parameter),
        CacheNodeTypeSpecificValues: Object.entries(parameter.perNodeType!).map(([CacheNodeType, Value]) => ({
          CacheNodeType,
          Value,
        })),
      })),
  };
}

const knownDefault = ({ name, family, description, clusterOn }: DefaultGroup): KnownParameterGroup => ({
  name,
  family,
  description,
  values: {},
  clusterEnabled: clusterOn,
  isDefault: true,
});

const knownStored = (group: ParameterGroup): KnownParameterGroup => ({
  ...group,
  clusterEnabled: isClusterOn(group.values),
  isDefault: false,
});

const isClusterOn = (values: Readonly<Record<string, string>>): boolean =>
  values['cluster-enabled'] === 'yes';
