// The operation table.

import type { Handlers } from '../../wire/service.ts';
import type { CloudFormation, Sdk } from './cloudformation.ts';
import {
  deleteChangeSet,
  describeChangeSet,
  executeChangeSet,
  listChangeSets,
} from './operations/change-sets.ts';
import { createChangeSet } from './operations/create-change-set.ts';
import { createStack } from './operations/create-stack.ts';
import { deleteStack } from './operations/delete-stack.ts';
import {
  describeStackResource,
  describeStackResources,
  listStackResources,
} from './operations/describe-resources.ts';
import { describeStackEvents } from './operations/describe-stack-events.ts';
import { describeStacks, listStacks } from './operations/describe-stacks.ts';
import { listExports, listImports } from './operations/exports.ts';
import { getStackPolicy, setStackPolicy, updateTerminationProtection } from './operations/protection.ts';
import { rollbackStack } from './operations/rollback-stack.ts';
import { signalResource } from './operations/signal-resource.ts';
import { getTemplate, getTemplateSummary, validateTemplate } from './operations/templates.ts';
import { cancelUpdateStack, continueUpdateRollback } from './operations/turn-round.ts';
import { updateStack } from './operations/update-stack.ts';

export const operations = (cf: CloudFormation): Handlers<Sdk> => ({
  CancelUpdateStack: cancelUpdateStack(cf),
  ContinueUpdateRollback: continueUpdateRollback(cf),
  CreateChangeSet: createChangeSet(cf),
  CreateStack: createStack(cf),
  DeleteChangeSet: deleteChangeSet(cf),
  DeleteStack: deleteStack(cf),
  DescribeChangeSet: describeChangeSet(cf),
  DescribeStackEvents: describeStackEvents(cf),
  DescribeStackResource: describeStackResource(cf),
  DescribeStackResources: describeStackResources(cf),
  DescribeStacks: describeStacks(cf),
  ExecuteChangeSet: executeChangeSet(cf),
  GetStackPolicy: getStackPolicy(cf),
  GetTemplate: getTemplate(cf),
  GetTemplateSummary: getTemplateSummary(cf),
  ListChangeSets: listChangeSets(cf),
  ListExports: listExports(cf),
  ListImports: listImports(cf),
  ListStackResources: listStackResources(cf),
  ListStacks: listStacks(cf),
  RollbackStack: rollbackStack(cf),
  SetStackPolicy: setStackPolicy(cf),
  SignalResource: signalResource(cf),
  UpdateStack: updateStack(cf),
  UpdateTerminationProtection: updateTerminationProtection(cf),
  ValidateTemplate: validateTemplate(cf),
});
