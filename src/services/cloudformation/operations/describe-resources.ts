// DescribeStackResource, DescribeStackResources and ListStackResources.

import type { Scope } from '../../../aws/scope.ts';
import type { CloudFormation } from '../context.ts';
import { noSuchResource, stackDoesNotExist, stackDoesNotExistFor, validationError } from '../faults.ts';
import { PAGE, pagesOfList } from '../pages.ts';
import type { Operation } from '../sdk.ts';
import { definitionOf } from '../stack/definitions.ts';
import { stackNamed } from '../stack/lookup.ts';
import type { StackRecord } from '../stack/model.ts';
import { viewResource } from '../view.ts';

export const DescribeStackResource: Operation<'DescribeStackResource'> = (cf, input, context) => {
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

export const DescribeStackResources: Operation<'DescribeStackResources'> = (cf, input, context) => {
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
  const { resources } = cf.records;
  const named = LogicalResourceId && resources.get(context, stack.stackId, LogicalResourceId);
  const found =
    LogicalResourceId === undefined
      ? resources.list(context, stack.stackId, { limit: PAGE })
      : named
        ? [named]
        : [];
  return { StackResources: found.map((resource) => viewResource(stack, resource)) };
};

/** The stack of a physical resource. AWS: any of them when several stacks have the same physical id. */
function ownerOf(cf: CloudFormation, scope: Scope, physicalId: string): StackRecord {
  const [resource] = cf.records.resources.by(scope, 'physical', physicalId);
  const stack = resource && cf.records.stacks.find(scope, resource.stackId);
  if (!stack) throw validationError(`Stack for ${physicalId} does not exist`);
  return stack;
}

const pages = pagesOfList('resources');

export const ListStackResources: Operation<'ListStackResources'> = (cf, input, context) => {
  const stack = stackNamed(cf.records, context, input.StackName, stackDoesNotExist);
  const resources = cf.records.resources.list(context, stack.stackId);
  const page = pages.ofSorted(resources, ({ logicalId }) => logicalId, {
    limit: PAGE,
    token: input.NextToken,
  });
  return {
    StackResourceSummaries: page.items.map((resource) => {
      const { Timestamp, StackId: _id, StackName: _name, ...view } = viewResource(stack, resource);
      return { ...view, LastUpdatedTimestamp: Timestamp } as never;
    }),
    NextToken: page.token,
  };
};
