// CreateCluster, DeleteCluster, DescribeClusters and ListClusters.

import type { Failure } from '@aws-sdk/client-ecs';
import type { Scope } from '../../../aws/scope.ts';
import type { Ecs } from '../context.ts';
import { capacityProviderArn, clusterArn, clusterName, DEFAULT_CLUSTER } from '../domain/identifiers.ts';
import type { Cluster, StrategyItem } from '../domain/model.ts';
import {
  clusterHasTasks,
  invalidClusterName,
  invalidParameter,
  noCapacityProvider,
  tooManyClusters,
  unsupported,
} from '../faults.ts';
import { clusterPages, pageRequest } from '../paging.ts';
import { activeCluster, countTasks } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { addTags } from '../tagging.ts';
import { NO_TASKS, type TaskCounts, viewCluster } from '../view.ts';

const ALL = ['ATTACHMENTS', 'CONFIGURATIONS', 'SETTINGS', 'STATISTICS', 'TAGS'] as const;
/** AWS: in a request for more, the rest is not looked at. */
const MOST_DESCRIBED = 100;
/** AWS: the quota of an account and region. */
const MOST_CLUSTERS = 10_000;
const PROVIDERS = ['FARGATE', 'FARGATE_SPOT'];

const ALIVE_STATES = ['PROVISIONING', 'PENDING', 'RUNNING', 'STOPPING', 'DEPROVISIONING'] as const;

/** The tasks that a cluster shows. */
export const countsOf = ({ records }: Pick<Ecs, 'records'>, scope: Scope, cluster: string): TaskCounts => ({
  running: countTasks(records, scope, cluster, 'RUNNING'),
  pending: countTasks(records, scope, cluster, 'PROVISIONING', 'PENDING'),
});

/** The settings of a cluster. AWS: containerInsights is there whether it was asked for or not. */
export function settingsOf(
  given: readonly { name?: string | undefined; value?: string | undefined }[] | undefined,
) {
  const value = given?.find(({ name }) => name === 'containerInsights')?.value ?? 'disabled';
  if (!['enabled', 'disabled', 'enhanced'].includes(value)) {
    throw invalidParameter(`Invalid cluster setting value '${value.slice(0, 100)}' for containerInsights.`);
  }
  return [{ name: 'containerInsights', value }];
}

/** Throws InvalidParameterException for providers other than Fargate's. */
export function checkProviders(names: readonly string[] | undefined = []): string[] {
  const unknown = names.find((name) => !PROVIDERS.includes(name));
  if (unknown !== undefined) throw noCapacityProvider(unknown);
  return [...new Set(names)];
}

/** Throws InvalidParameterException for a strategy of providers that the cluster does not have. */
export function checkStrategy(
  given: readonly {
    capacityProvider?: string | undefined;
    weight?: number | undefined;
    base?: number | undefined;
  }[] = [],
  providers: readonly string[],
): StrategyItem[] {
  const strategy = given.map(({ capacityProvider = '', weight = 0, base = 0 }) => ({
    capacityProvider,
    weight,
    base,
  }));
  if (strategy.some(({ capacityProvider }) => !providers.includes(capacityProvider))) {
    throw invalidParameter(
      'The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster and try again.',
    );
  }
  if (strategy.filter(({ base }) => base > 0).length > 1) {
    throw invalidParameter(
      'The specified capacity provider strategy cannot contain more than one capacity provider with a base value above 0.',
    );
  }
  return strategy;
}

/** AWS: a cluster with this name that exists is answered as it is. */
export const CreateCluster: Operation<'CreateCluster'> = (ecs, input, context) =>
  ecs.store.transaction(() => {
    const name = input.clusterName || DEFAULT_CLUSTER;
    if (!/^[a-zA-Z][\w-]{0,254}$/.test(name)) throw invalidClusterName();
    if (input.configuration?.executeCommandConfiguration) throw unsupported('ExecuteCommand');
    const present = ecs.records.clusters.find(context, name);
    if (present?.status === 'ACTIVE')
      return { cluster: viewCluster(context, present, countsOf(ecs, context, name), ALL) };
    if (ecs.records.clusters.count(context) >= MOST_CLUSTERS) throw tooManyClusters(MOST_CLUSTERS);
    const capacityProviders = checkProviders(input.capacityProviders);
    const { namespace } = input.serviceConnectDefaults ?? {};
    const cluster: Cluster = {
      ...{ name, status: 'ACTIVE', capacityProviders },
      settings: settingsOf(input.settings),
      ...(input.configuration && { configuration: input.configuration }),
      ...(namespace && { serviceConnectNamespace: namespace }),
      defaultStrategy: checkStrategy(input.defaultCapacityProviderStrategy, capacityProviders),
      tags: addTags({}, input.tags, context),
    };
    ecs.records.clusters.put(context, cluster);
    return { cluster: viewCluster(context, cluster, NO_TASKS, ALL) };
  });

/** AWS: it is INACTIVE afterwards, and no list has it. Throws ClusterNotFoundException, ClusterContainsTasksException. */
export const DeleteCluster: Operation<'DeleteCluster'> = (ecs, input, context) =>
  ecs.store.transaction(() => {
    const cluster = activeCluster(ecs.records, context, clusterName(input.cluster));
    if (countTasks(ecs.records, context, cluster.name, ...ALIVE_STATES) > 0) throw clusterHasTasks();
    const deleted: Cluster = { ...cluster, status: 'INACTIVE', deletedAt: ecs.clock.now() };
    ecs.records.clusters.put(context, deleted);
    return { cluster: viewCluster(context, deleted, NO_TASKS, ALL) };
  });

/** Clusters that are not there are failures of the answer. */
export const DescribeClusters: Operation<'DescribeClusters'> = (ecs, input, context) => {
  const asked = input.clusters && input.clusters.length > 0 ? input.clusters : [DEFAULT_CLUSTER];
  if (asked.length > MOST_DESCRIBED)
    throw invalidParameter(`clusters can have at most ${MOST_DESCRIBED} items.`);
  const failures: Failure[] = [];
  const clusters = asked.flatMap((given) => {
    const name = clusterName(given);
    const cluster = ecs.records.clusters.find(context, name);
    if (!cluster) {
      failures.push({ arn: clusterArn(context, name), reason: 'MISSING' });
      return [];
    }
    return [viewCluster(context, cluster, countsOf(ecs, context, name), input.include ?? [])];
  });
  return { clusters, failures };
};

/** The ARNs of the clusters that are not deleted. */
export const ListClusters: Operation<'ListClusters'> = async (ecs, input, context) => {
  const { items, token } = await clusterPages.ofCollection(ecs.records.clusters, context, {
    ...pageRequest(input),
    wanted: ({ status }) => status === 'ACTIVE',
  });
  return {
    clusterArns: items.map(({ name }) => clusterArn(context, name)),
    ...(token !== undefined && { nextToken: token }),
  };
};

/** The two of Fargate, which every account has. */
export const DescribeCapacityProviders: Operation<'DescribeCapacityProviders'> = (_ecs, input, context) => {
  const asked = input.capacityProviders ?? PROVIDERS;
  const nameOf = (given: string) => given.split('capacity-provider/').at(-1)!;
  const known = (given: string) => PROVIDERS.includes(nameOf(given));
  return {
    capacityProviders: asked.filter(known).map((given) => ({
      capacityProviderArn: capacityProviderArn(context, nameOf(given)),
      name: nameOf(given),
      status: 'ACTIVE' as const,
      tags: [],
    })),
    failures: asked
      .filter((given) => !known(given))
      .map((given) => ({ arn: capacityProviderArn(context, nameOf(given)), reason: 'MISSING' })),
  };
};
