// CloudWatch's resource types for CloudFormation: AWS::CloudWatch::Alarm and AWS::CloudWatch::Dashboard. They call
// the service's own API.

import type { Scope } from '../../aws/scope.ts';
import { physicalName } from '../../control/physical-name.ts';
import { unless } from '../../control/resource-attempts.ts';
import {
  flagOf,
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  renderTags,
  requiredText,
  tagsOf,
  textOf,
} from '../../control/resource-properties.ts';
import type {
  ExistingResource,
  Properties,
  ResourceState,
  ResourceType,
} from '../../control/resource-type.ts';
import type { Client } from '../../wire/client.ts';
import { alarmArn } from './alarms/view.ts';
import { dashboardArn } from './dashboards/records.ts';
import type { Input, Sdk } from './sdk.ts';

type CloudWatchClient = Client<Sdk>;

const LONGEST_NAME = 255;
const NOT_FOUND = /^(ResourceNotFound|DashboardNotFoundError)$/;

/** The physical id of an alarm or dashboard is its name. */
export const cloudwatchResourceTypes = (cloudwatch: CloudWatchClient): ResourceType[] => [
  alarmType(cloudwatch),
  dashboardType(cloudwatch),
];

const alarmType = (cloudwatch: CloudWatchClient): ResourceType => ({
  name: 'AWS::CloudWatch::Alarm',
  async create(request) {
    const { properties, scope, isRetry } = request;
    const name = textOf(properties, 'AlarmName') ?? physicalName(request, { maxLength: LONGEST_NAME });
    const { MetricAlarms = [] } = await cloudwatch.call('DescribeAlarms', { AlarmNames: [name] }, scope);
    // PutMetricAlarm would overwrite an alarm that does not belong to the stack.
    if (MetricAlarms.length > 0 && !isRetry) throw new Error(`${name} already exists`);
    const Tags = renderTags(tagsOf(request));
    await cloudwatch.call('PutMetricAlarm', { ...alarmOf(properties, name), Tags }, scope);
    return alarmState(scope, name);
  },
  async update(request) {
    const { physicalId, properties, scope } = request;
    await cloudwatch.call('PutMetricAlarm', alarmOf(properties, physicalId), scope);
    await retag(cloudwatch, request, alarmArn(scope, physicalId));
    return alarmState(scope, physicalId);
  },
  async delete({ physicalId, scope }) {
    await unless(NOT_FOUND, cloudwatch.call('DeleteAlarms', { AlarmNames: [physicalId] }, scope));
  },
});

const alarmState = (scope: Scope, name: string): ResourceState => ({
  physicalId: name,
  attributes: { Arn: alarmArn(scope, name) },
});

function alarmOf(properties: Properties, AlarmName: string): Input<'PutMetricAlarm'> {
  const metrics = objectsOf(properties, 'Metrics');
  return {
    AlarmName,
    AlarmDescription: textOf(properties, 'AlarmDescription'),
    ActionsEnabled: flagOf(properties, 'ActionsEnabled'),
    OKActions: listOf(properties, 'OKActions'),
    AlarmActions: listOf(properties, 'AlarmActions'),
    InsufficientDataActions: listOf(properties, 'InsufficientDataActions'),
    ...metricOf(properties),
    Statistic: textOf(properties, 'Statistic') as 'Sum' | undefined,
    ExtendedStatistic: textOf(properties, 'ExtendedStatistic'),
    Period: numberOf(properties, 'Period'),
    Unit: textOf(properties, 'Unit') as 'Count' | undefined,
    EvaluationPeriods: numberOf(properties, 'EvaluationPeriods'),
    DatapointsToAlarm: numberOf(properties, 'DatapointsToAlarm'),
    Threshold: numberOf(properties, 'Threshold'),
    ComparisonOperator: textOf(properties, 'ComparisonOperator') as 'GreaterThanThreshold',
    TreatMissingData: textOf(properties, 'TreatMissingData'),
    EvaluateLowSampleCountPercentile: textOf(properties, 'EvaluateLowSampleCountPercentile'),
    ThresholdMetricId: textOf(properties, 'ThresholdMetricId'),
    // The service refuses these by name.
    ...({
      EvaluationCriteria: objectOf(properties, 'EvaluationCriteria'),
      EvaluationInterval: numberOf(properties, 'EvaluationInterval'),
      EvaluationWindow: objectOf(properties, 'EvaluationWindow'),
      WarmUpConfiguration: objectOf(properties, 'WarmUpConfiguration'),
    } as object),
    ...(metrics.length > 0 && { Metrics: metrics.map(queryOf) }),
  };
}

const metricOf = (properties: Properties) => ({
  Namespace: textOf(properties, 'Namespace'),
  MetricName: textOf(properties, 'MetricName'),
  Dimensions: objectsOf(properties, 'Dimensions').map((one) => ({
    Name: requiredText(one, 'Name'),
    Value: requiredText(one, 'Value'),
  })),
});

function queryOf(query: Properties) {
  const stat = objectOf(query, 'MetricStat');
  const metric = stat && objectOf(stat, 'Metric');
  return {
    Id: requiredText(query, 'Id'),
    Expression: textOf(query, 'Expression'),
    Label: textOf(query, 'Label'),
    ReturnData: flagOf(query, 'ReturnData'),
    Period: numberOf(query, 'Period'),
    AccountId: textOf(query, 'AccountId'),
    ...(stat && {
      MetricStat: {
        Metric: metricOf(metric ?? {}),
        Period: numberOf(stat, 'Period'),
        Stat: requiredText(stat, 'Stat'),
        Unit: textOf(stat, 'Unit') as 'Count' | undefined,
      },
    }),
  };
}

const dashboardType = (cloudwatch: CloudWatchClient): ResourceType => ({
  name: 'AWS::CloudWatch::Dashboard',
  async create(request) {
    const { properties, scope, isRetry } = request;
    const DashboardName =
      textOf(properties, 'DashboardName') ?? physicalName(request, { maxLength: LONGEST_NAME });
    const found = await unless(NOT_FOUND, cloudwatch.call('GetDashboard', { DashboardName }, scope));
    // PutDashboard would overwrite a dashboard that does not belong to the stack.
    if (found && !isRetry) throw new Error(`${DashboardName} already exists`);
    const DashboardBody = requiredText(properties, 'DashboardBody');
    const Tags = renderTags(tagsOf(request));
    await cloudwatch.call('PutDashboard', { DashboardName, DashboardBody, Tags }, scope);
    return { physicalId: DashboardName, attributes: {} };
  },
  async update(request) {
    const { physicalId: DashboardName, properties, scope } = request;
    const DashboardBody = requiredText(properties, 'DashboardBody');
    await cloudwatch.call('PutDashboard', { DashboardName, DashboardBody }, scope);
    await retag(cloudwatch, request, dashboardArn(scope, DashboardName));
    return { physicalId: DashboardName, attributes: {} };
  },
  async delete({ physicalId, scope }) {
    await unless(NOT_FOUND, cloudwatch.call('DeleteDashboards', { DashboardNames: [physicalId] }, scope));
  },
});

async function retag(
  cloudwatch: CloudWatchClient,
  request: ExistingResource,
  ResourceARN: string,
): Promise<void> {
  const { scope } = request;
  const wanted = tagsOf(request);
  const { Tags = [] } = await cloudwatch.call('ListTagsForResource', { ResourceARN }, scope);
  const TagKeys = Tags.flatMap(({ Key }) => (Key && !Object.hasOwn(wanted, Key) ? [Key] : []));
  if (TagKeys.length > 0) await cloudwatch.call('UntagResource', { ResourceARN, TagKeys }, scope);
  if (Object.keys(wanted).length > 0)
    await cloudwatch.call('TagResource', { ResourceARN, Tags: renderTags(wanted) }, scope);
}
