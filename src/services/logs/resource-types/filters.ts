// AWS::Logs::MetricFilter and AWS::Logs::SubscriptionFilter. The physical id is the filter's name, which is unique in its
// log group only.

import { physicalName } from '../../../control/physical-name.ts';
import { alreadyExists, unless } from '../../../control/resource-attempts.ts';
import {
  flagOf,
  listOf,
  numberOf,
  objectsOf,
  requiredText,
  textOf,
} from '../../../control/resource-properties.ts';
import type {
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import type { Input, Sdk } from '../sdk.ts';

const LONGEST_NAME = 512;
const NOT_FOUND = /^ResourceNotFoundException$/;

/** A filter of a log group, as the API names it. */
interface FilterName {
  logGroupName: string;
  filterName: string;
}

/** How a kind of filter is put, found and deleted. */
interface FilterApi {
  type: string;
  put(properties: Properties, name: FilterName, request: ResourceRequest): Promise<unknown>;
  /** The names of the group's filters that begin with the filter's name. */
  namesLike(name: FilterName, request: ResourceRequest): Promise<(string | undefined)[]>;
  remove(name: FilterName, request: Omit<ResourceRequest, 'isRetry'>): Promise<unknown>;
}

export const metricFilterType = (logs: Client<Sdk>): ResourceType =>
  filterType({
    type: 'AWS::Logs::MetricFilter',
    put: (properties, name, { scope }) =>
      logs.call('PutMetricFilter', { ...name, ...metricFilterOf(properties) }, scope),
    async namesLike({ logGroupName, filterName: filterNamePrefix }, { scope }) {
      const input = { logGroupName, filterNamePrefix };
      const { metricFilters = [] } = await logs.call('DescribeMetricFilters', input, scope);
      return metricFilters.map(({ filterName }) => filterName);
    },
    remove: (name, { scope }) => logs.call('DeleteMetricFilter', name, scope),
  });

const metricFilterOf = (properties: Properties): Omit<Input<'PutMetricFilter'>, keyof FilterName> => ({
  filterPattern: requiredText(properties, 'FilterPattern'),
  metricTransformations: objectsOf(properties, 'MetricTransformations').map((one) => {
    const dimensions = objectsOf(one, 'Dimensions').map(
      (dimension) => [requiredText(dimension, 'Key'), requiredText(dimension, 'Value')] as const,
    );
    return {
      metricName: requiredText(one, 'MetricName'),
      metricNamespace: requiredText(one, 'MetricNamespace'),
      metricValue: requiredText(one, 'MetricValue'),
      defaultValue: numberOf(one, 'DefaultValue'),
      unit: textOf(one, 'Unit') as 'Count' | undefined,
      ...(dimensions.length > 0 && { dimensions: Object.fromEntries(dimensions) }),
    };
  }),
  // The service refuses these by name.
  applyOnTransformedLogs: flagOf(properties, 'ApplyOnTransformedLogs'),
  fieldSelectionCriteria: textOf(properties, 'FieldSelectionCriteria'),
  emitSystemFieldDimensions: listOf(properties, 'EmitSystemFieldDimensions'),
});

export const subscriptionFilterType = (logs: Client<Sdk>): ResourceType =>
  filterType({
    type: 'AWS::Logs::SubscriptionFilter',
    put: (properties, name, { scope }) =>
      logs.call('PutSubscriptionFilter', { ...name, ...subscriptionOf(properties) }, scope),
    async namesLike({ logGroupName, filterName: filterNamePrefix }, { scope }) {
      const input = { logGroupName, filterNamePrefix };
      const { subscriptionFilters = [] } = await logs.call('DescribeSubscriptionFilters', input, scope);
      return subscriptionFilters.map(({ filterName }) => filterName);
    },
    remove: (name, { scope }) => logs.call('DeleteSubscriptionFilter', name, scope),
  });

const subscriptionOf = (properties: Properties): Omit<Input<'PutSubscriptionFilter'>, keyof FilterName> => ({
  filterPattern: requiredText(properties, 'FilterPattern'),
  destinationArn: requiredText(properties, 'DestinationArn'),
  // AWS: a distribution matters to streams of Kinesis only.
  distribution: textOf(properties, 'Distribution') as 'ByLogStream' | undefined,
  // The service refuses these by name.
  roleArn: textOf(properties, 'RoleArn'),
  applyOnTransformedLogs: flagOf(properties, 'ApplyOnTransformedLogs'),
  fieldSelectionCriteria: textOf(properties, 'FieldSelectionCriteria'),
  emitSystemFields: listOf(properties, 'EmitSystemFields'),
});

function filterType({ type, put, namesLike, remove }: FilterApi): ResourceType {
  return {
    name: type,
    async create(request) {
      const { properties, isRetry } = request;
      const logGroupName = requiredText(properties, 'LogGroupName');
      const filterName =
        textOf(properties, 'FilterName') ?? physicalName(request, { maxLength: LONGEST_NAME });
      const name = { logGroupName, filterName };
      // AWS: the handlers look first, because the API would replace a filter that does not belong to the stack.
      if (!isRetry && (await namesLike(name, request)).includes(filterName))
        throw alreadyExists(type, { FilterName: filterName, LogGroupName: logGroupName });
      await put(properties, name, request);
      return stateOf(filterName);
    },
    async update(request) {
      const { properties, physicalId: filterName } = request;
      await put(properties, { logGroupName: requiredText(properties, 'LogGroupName'), filterName }, request);
      return stateOf(filterName);
    },
    async delete(request) {
      const logGroupName = requiredText(request.properties, 'LogGroupName');
      await unless(NOT_FOUND, remove({ logGroupName, filterName: request.physicalId }, request));
    },
  };
}

const stateOf = (physicalId: string): ResourceState => ({ physicalId, attributes: {} });
