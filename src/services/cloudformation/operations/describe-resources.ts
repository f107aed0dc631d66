// DescribeStackResource, DescribeStackResources and ListStackResources.

import { pageOf } from '../../../kernel/paging.ts';
import type { Scope } from '../../../kernel/scope.ts';
import type { CloudFormation, Operation } from '../cloudformation.ts';
import { noSuchResource, stackDoesNotExist, stackDoesNotExistFor, validationError } from '../faults.ts';
import { stackNamed } from '../stack/lookup.ts';
import type { ResourceRecord, StackRecord } from '../stack/model.ts';
import { viewResource } from '../view.ts';
import { definitionOf } from './update-stack.ts';

const PAGE = 100;

export const describeStackResource =
  (cf: CloudFormation): Operation<'DescribeStackResource'> =>
  (input, context) => {
    const stack = stackNamed(cf.records, context, input.StackName, stackDoesNotExistFor);
    const resource = cf.records.resources.get(context, stack.stackId, input.LogicalResourceId);
    if (!resource) throw noSuchResource(input.LogicalResourceId, stack.stackName);
    const { Timestamp, ...view } = viewResource(stack, resource);
    const { metadata } = resource.made ?? {};
    return {
      StackResourceDetail: {
        ...view,
        LastUpdatedTimestamp: Timestamp,
        Description: definitionOf(cf, stack)?.description,
        ...(metadata !== undefined && { Metadata: JSON.stringify(metadata) }),
      } as never,
    };
  };

export const describeStackResources =
  (cf: CloudFormation): Operation<'DescribeStackResources'> =>
  (input, context) => {
    const { StackName, LogicalResourceId, PhysicalResourceId } = input;
    if (StackName !== undefined && PhysicalResourceId !== undefined) {
      throw validationError('Only one of StackName and PhysicalResourceId can be specified');
    }
    if (StackName === undefined && PhysicalResourceId === undefined) {
      throw validationError('Either StackName or PhysicalResourceId must be specified');
    }
    const stack =
      StackName === undefined
        ? ownerOf(cf, context, PhysicalResourceId!)
        : stackNamed(cf.records, context, StackName, stackDoesNotExist);
    const resources = cf.records.resources
      .list(context, stack.stackId)
      .filter((resource) => LogicalResourceId === undefined || resource.logicalId === LogicalResourceId);
    return { StackResources: resources.slice(0, PAGE).map((resource) => viewResource(stack, resource)) };
  };

function ownerOf(cf: CloudFormation, scope: Scope, physicalId: string): StackRecord {
  const stack = cf.records.stacks
    .list(scope)
    .find((one) =>
      cf.records.resources
        .list(scope, one.stackId)
        .some((resource: ResourceRecord) => resource.made?.physicalId === physicalId),
    );
  if (!stack) throw validationError(`Stack for ${physicalId} does not exist`);
  return stack;
}

export const listStackResources =
  (cf: CloudFormation): Operation<'ListStackResources'> =>
  (input, context) => {
    const stack = stackNamed(cf.records, context, input.StackName, stackDoesNotExist);
    const resources = cf.records.resources.list(context, stack.stackId);
    const page = pageOf(resources, ({ logicalId }) => logicalId, PAGE, input.NextToken);
    return {
      StackResourceSummaries: page.items.map((resource) => {
        const { Timestamp, StackId: _id, StackName: _name, ...view } = viewResource(stack, resource);
        return { ...view, LastUpdatedTimestamp: Timestamp } as never;
      }),
      NextToken: page.marker,
    };
  };
