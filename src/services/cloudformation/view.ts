// Converts records into the shapes that the API answers.

import type { Parameter, Stack, StackEvent, StackResource } from '@aws-sdk/client-cloudformation';
import { listTags } from '../../aws/tags.ts';
import type { CloudFormation } from './context.ts';
import type { Definition, ResourceRecord, StackEventRecord, StackRecord } from './stack/model.ts';

/** AWS: a NoEcho parameter shows as `****`. */
export const viewParameters = ({ parameters }: Definition): Parameter[] =>
  parameters.map(({ name, text, resolvedText, noEcho }) => ({
    ParameterKey: name,
    ParameterValue: noEcho ? '****' : text,
    ...(resolvedText !== undefined && { ResolvedValue: noEcho ? '****' : resolvedText }),
  }));

/** A stack as DescribeStacks shows it. The definition is the deployed one, or the target of the first operation. */
export function viewStack(cf: CloudFormation, stack: StackRecord): Stack {
  const { records } = cf;
  const current = stack.definitionId ?? stack.operation?.targetId ?? stack.haltedOperation?.targetId;
  const definition = current === undefined ? undefined : records.definitions.get(stack.scope, current);
  return {
    StackId: stack.stackId,
    StackName: stack.stackName,
    Description: definition?.description,
    Parameters: definition && unlessNone(viewParameters(definition)),
    CreationTime: new Date(stack.createdAt),
    DeletionTime: dateOf(stack.deletedAt),
    LastUpdatedTime: dateOf(stack.updatedAt),
    RollbackConfiguration: {},
    ChangeSetId: stack.changeSetId,
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason === 'User Initiated' ? undefined : stack.statusReason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: definition?.notificationArns ?? [],
    TimeoutInMinutes: stack.timeoutMinutes,
    Capabilities: definition?.capabilities as Stack['Capabilities'],
    Outputs: unlessNone(
      stack.outputs.map(({ name, value, description, exportName }) => ({
        OutputKey: name,
        OutputValue: value,
        Description: description,
        ExportName: exportName,
      })),
    ),
    RoleARN: definition?.roleArn,
    Tags: listTags(definition?.tags ?? {}),
    EnableTerminationProtection: stack.terminationProtected,
    ParentId: stack.parentId,
    RootId: stack.rootId,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

/** AWS: empty lists of parameters and outputs are omitted; empty lists of tags and topics are shown. */
const unlessNone = <T>(items: T[]): T[] | undefined => (items.length > 0 ? items : undefined);

/** `at` is in milliseconds since the epoch. */
export const dateOf = (at: number | undefined): Date | undefined =>
  at === undefined ? undefined : new Date(at);

/** A resource as DescribeStackResources shows it. */
export function viewResource(stack: StackRecord, resource: ResourceRecord): StackResource {
  return {
    StackName: stack.stackName,
    StackId: stack.stackId,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.made?.physicalId ?? resource.lastPhysicalId ?? '',
    ResourceType: resource.type,
    Timestamp: new Date(resource.changedAt),
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

/** An event as DescribeStackEvents shows it. */
export const viewEvent = (event: StackEventRecord): StackEvent => ({
  StackId: event.stackId,
  EventId: event.eventId,
  StackName: event.stackName,
  LogicalResourceId: event.logicalId,
  PhysicalResourceId: event.physicalId ?? '',
  ResourceType: event.type,
  Timestamp: new Date(event.at),
  ResourceStatus: event.status as StackEvent['ResourceStatus'],
  ResourceStatusReason: event.reason,
  ResourceProperties: event.properties,
  ClientRequestToken: event.clientRequestToken,
});
