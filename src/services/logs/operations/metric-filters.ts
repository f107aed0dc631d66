// Metric filters: put, describe, delete, test.

import { invalid, tooManyFilters } from '../faults.ts';
import { isSelector, parseFilterPattern } from '../filter-pattern.ts';
import { filterPages, pageRequest } from '../paging.ts';
import { type MetricFilterRecord, metricKey, within } from '../records.ts';
import type { Input, Operation } from '../sdk.ts';

type Transformation = Input<'PutMetricFilter'>['metricTransformations'][number];

/** AWS: the maximum of one log group. */
const MOST_FILTERS = 100;

/** Replaces a filter of the same name. */
export const PutMetricFilter: Operation<'PutMetricFilter'> = (logs, input, context) => {
  parseFilterPattern(input.filterPattern);
  refuseUnsupported(input);
  const metric = metricOf(input.metricTransformations[0]!);
  logs.store.transaction(() => {
    const group = logs.records.groups.existing(context, input.logGroupName).name;
    const before = logs.records.filters.find(context, within(group, input.filterName));
    if (!before && logs.records.filters.count(context, within(group)) >= MOST_FILTERS) throw tooManyFilters();
    logs.records.filters.put(context, {
      group,
      name: input.filterName,
      pattern: input.filterPattern,
      metric,
      createdAt: before?.createdAt ?? logs.clock.now(),
    });
  });
  return {};
};

function refuseUnsupported(input: Input<'PutMetricFilter'>): void {
  if (input.applyOnTransformedLogs) throw invalid('Millpond does not transform logs.');
  if (input.fieldSelectionCriteria || input.emitSystemFieldDimensions?.length) {
    throw invalid('Millpond has no system fields of log events.');
  }
}

function metricOf(given: Transformation): MetricFilterRecord['metric'] {
  const { metricValue: value = '', defaultValue, dimensions, unit } = given;
  if (!isSelector(value) && !Number.isFinite(Number(value || 'none'))) {
    throw invalid(
      `Millpond takes as metricValue a number or a selector such as $.ms, and not ${value.slice(0, 200)}.`,
    );
  }
  const selectors = Object.values(dimensions ?? {});
  if (selectors.length > 0 && defaultValue !== undefined) {
    throw invalid(
      'Invalid metric transformation: dimensions and default value are mutually exclusive properties.',
    );
  }
  const other = selectors.find((selector) => !isSelector(selector));
  if (other !== undefined) {
    throw invalid(`Millpond takes as dimensions selectors such as $.path, and not ${other.slice(0, 200)}.`);
  }
  return {
    namespace: given.metricNamespace!,
    name: given.metricName!,
    value,
    ...(defaultValue !== undefined && { defaultValue }),
    ...(unit !== undefined && { unit }),
    ...(selectors.length > 0 && { dimensions: { ...dimensions } }),
  };
}

/** Throws ResourceNotFound. */
export const DeleteMetricFilter: Operation<'DeleteMetricFilter'> = (logs, input, context) => {
  logs.store.transaction(() => {
    const group = logs.records.groups.existing(context, input.logGroupName).name;
    const filter = logs.records.filters.existing(context, within(group, input.filterName));
    logs.records.filters.remove(context, within(group, filter.name));
  });
  return {};
};

/** AWS: metricName and metricNamespace must be given together. */
export const DescribeMetricFilters: Operation<'DescribeMetricFilters'> = async (logs, input, context) => {
  const { logGroupName: group, filterNamePrefix: prefix, metricName, metricNamespace } = input;
  if ((metricName === undefined) !== (metricNamespace === undefined)) {
    throw invalid('Both metricName and metricNamespace are required to describe the filters of a metric.');
  }
  if (group !== undefined) logs.records.groups.existing(context, group);
  const isNamed = ({ name }: MetricFilterRecord) => name.startsWith(prefix ?? '');
  const idOf = (filter: MetricFilterRecord) => within(filter.group, filter.name);
  const request = pageRequest(input);
  const page =
    metricName !== undefined && metricNamespace !== undefined
      ? filterPages.ofSorted(
          logs.records.filters
            .by(context, 'metric', metricKey(metricNamespace, metricName))
            .filter((filter) => isNamed(filter) && (group === undefined || filter.group === group))
            .sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1)),
          idOf,
          request,
        )
      : await filterPages.ofCollection(logs.records.filters, context, {
          ...request,
          ...(group === undefined ? { wanted: isNamed } : { prefix: within(group, prefix) }),
        });
  return { metricFilters: page.items.map(view), nextToken: page.token };
};

const view = ({ group, name, pattern, metric, createdAt }: MetricFilterRecord) => ({
  filterName: name,
  filterPattern: pattern,
  metricTransformations: [
    {
      metricName: metric.name,
      metricNamespace: metric.namespace,
      metricValue: metric.value,
      defaultValue: metric.defaultValue,
      dimensions: metric.dimensions,
      unit: metric.unit as 'Count' | undefined,
    },
  ],
  creationTime: createdAt,
  logGroupName: group,
  applyOnTransformedLogs: false,
});

/** Throws InvalidParameter for an invalid pattern. Events are numbered from 1. */
export const TestMetricFilter: Operation<'TestMetricFilter'> = (_logs, input) => {
  const { matches, valuesIn } = parseFilterPattern(input.filterPattern);
  return {
    matches: input.logEventMessages.flatMap((eventMessage, index) =>
      matches(eventMessage)
        ? [{ eventNumber: index + 1, eventMessage, extractedValues: valuesIn(eventMessage) }]
        : [],
    ),
  };
};
