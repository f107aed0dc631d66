// UpdateCluster, UpdateClusterSettings and PutClusterCapacityProviders.

import { clusterName } from '../domain/identifiers.ts';
import { unsupported } from '../faults.ts';
import { activeCluster } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { viewCluster } from '../view.ts';
import { checkProviders, checkStrategy, countsOf, settingsOf } from './clusters.ts';

const SHOWN = ['SETTINGS', 'CONFIGURATIONS', 'TAGS'];

/** Throws ClusterNotFoundException, InvalidParameterException. */
export const UpdateCluster: Operation<'UpdateCluster'> = (ecs, input, context) =>
  ecs.store.transaction(() => {
    const cluster = activeCluster(ecs.records, context, clusterName(input.cluster));
    if (input.configuration?.executeCommandConfiguration) throw unsupported('ExecuteCommand');
    const { namespace } = input.serviceConnectDefaults ?? {};
    const changed = {
      ...cluster,
      ...(input.settings && { settings: settingsOf(input.settings) }),
      ...(input.configuration && { configuration: input.configuration }),
      ...(namespace !== undefined && { serviceConnectNamespace: namespace }),
    };
    ecs.records.clusters.put(context, changed);
    return { cluster: viewCluster(context, changed, countsOf(ecs, context, cluster.name), SHOWN) };
  });

/** Throws ClusterNotFoundException, InvalidParameterException. */
export const UpdateClusterSettings: Operation<'UpdateClusterSettings'> = (ecs, input, context) =>
  ecs.store.transaction(() => {
    const cluster = activeCluster(ecs.records, context, clusterName(input.cluster));
    const changed = { ...cluster, settings: settingsOf(input.settings) };
    ecs.records.clusters.put(context, changed);
    return { cluster: viewCluster(context, changed, countsOf(ecs, context, cluster.name), SHOWN) };
  });

/** Throws ClusterNotFoundException, InvalidParameterException. */
export const PutClusterCapacityProviders: Operation<'PutClusterCapacityProviders'> = (ecs, input, context) =>
  ecs.store.transaction(() => {
    const cluster = activeCluster(ecs.records, context, clusterName(input.cluster));
    const capacityProviders = checkProviders(input.capacityProviders);
    const defaultStrategy = checkStrategy(input.defaultCapacityProviderStrategy, capacityProviders);
    const changed = { ...cluster, capacityProviders, defaultStrategy };
    ecs.records.clusters.put(context, changed);
    return { cluster: viewCluster(context, changed, countsOf(ecs, context, cluster.name), SHOWN) };
  });
