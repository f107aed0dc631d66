// What tools read of features that Millpond does not have: services, task sets, container instances, attributes. Reads get
// AWS's answer for an account without them. Operations that make them have no handler: they are answered with
// NotImplemented, which names them.

import { clusterName } from '../domain/identifiers.ts';
import { invalidParameter } from '../faults.ts';
import { activeCluster } from '../records.ts';
import type { Operation } from '../sdk.ts';

const MOST_SERVICES = 10;

/** Throws ClusterNotFoundException, InvalidParameterException. */
export const DescribeServices: Operation<'DescribeServices'> = (ecs, input, context) => {
  activeCluster(ecs.records, context, clusterName(input.cluster));
  if (input.services.length === 0) throw invalidParameter('Services cannot be empty.');
  if (input.services.length > MOST_SERVICES) {
    throw invalidParameter(`services can have at most ${MOST_SERVICES} items.`);
  }
  return { services: [], failures: input.services.map((arn) => ({ arn, reason: 'MISSING' })) };
};

/** Throws ClusterNotFoundException. */
export const ListServices: Operation<'ListServices'> = (ecs, input, context) => {
  activeCluster(ecs.records, context, clusterName(input.cluster));
  return { serviceArns: [] };
};

/** Throws ClusterNotFoundException. */
export const ListContainerInstances: Operation<'ListContainerInstances'> = (ecs, input, context) => {
  activeCluster(ecs.records, context, clusterName(input.cluster));
  return { containerInstanceArns: [] };
};

/** Throws ClusterNotFoundException, InvalidParameterException. */
export const DescribeContainerInstances: Operation<'DescribeContainerInstances'> = (ecs, input, context) => {
  activeCluster(ecs.records, context, clusterName(input.cluster));
  if (input.containerInstances.length === 0) throw invalidParameter('Container instance cannot be empty.');
  return {
    containerInstances: [],
    failures: input.containerInstances.map((arn) => ({ arn, reason: 'MISSING' })),
  };
};

/** Throws ClusterNotFoundException. */
export const ListAttributes: Operation<'ListAttributes'> = (ecs, input, context) => {
  activeCluster(ecs.records, context, clusterName(input.cluster));
  return { attributes: [] };
};
