// The table of CloudFormation's operations. An operation that is not in it answers that it is not implemented.

import type { Operations } from '../../wire/service.ts';
import type { CloudFormation } from './context.ts';
import { CancelUpdateStack, ContinueUpdateRollback } from './operations/cancel-and-continue.ts';
import {
  DeleteChangeSet,
  DescribeChangeSet,
  ExecuteChangeSet,
  ListChangeSets,
} from './operations/change-sets.ts';
import { CreateChangeSet } from './operations/create-change-set.ts';
import { CreateStack } from './operations/create-stack.ts';
import { DeleteStack } from './operations/delete-stack.ts';
import {
  DescribeStackResource,
  DescribeStackResources,
  ListStackResources,
} from './operations/describe-resources.ts';
import { DescribeStackEvents } from './operations/describe-stack-events.ts';
import { DescribeStacks, ListStacks } from './operations/describe-stacks.ts';
import { ListExports, ListImports } from './operations/exports.ts';
import { GetStackPolicy, SetStackPolicy, UpdateTerminationProtection } from './operations/protection.ts';
import { RollbackStack } from './operations/rollback-stack.ts';
import { SignalResource } from './operations/signal-resource.ts';
import { GetTemplate, GetTemplateSummary, ValidateTemplate } from './operations/templates.ts';
import { UpdateStack } from './operations/update-stack.ts';
import type { Sdk } from './sdk.ts';

/** By AWS's name. */
export const operations: Operations<Sdk, CloudFormation> = {
  CancelUpdateStack,
  ContinueUpdateRollback,
  CreateChangeSet,
  CreateStack,
  DeleteChangeSet,
  DeleteStack,
  DescribeChangeSet,
  DescribeStackEvents,
  DescribeStackResource,
  DescribeStackResources,
  DescribeStacks,
  ExecuteChangeSet,
  GetStackPolicy,
  GetTemplate,
  GetTemplateSummary,
  ListChangeSets,
  ListExports,
  ListImports,
  ListStackResources,
  ListStacks,
  RollbackStack,
  SetStackPolicy,
  SignalResource,
  UpdateStack,
  UpdateTerminationProtection,
  ValidateTemplate,
};
