// UpdateStack, with a new template or with the deployed one.

import type { Scope } from '../../../aws/scope.ts';
import { hasChanges } from '../change/index.ts';
import type { CloudFormation } from '../context.ts';
import { notUpdatable, noUpdates, validationError } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { beginOperation, newOperation } from '../stack/begin.ts';
import { changeTreeFor } from '../stack/changes.ts';
import { keepDefinition } from '../stack/definitions.ts';
import { stackNamed } from '../stack/lookup.ts';
import type { StackRecord } from '../stack/model.ts';
import { checkPolicy } from '../stack/policy.ts';
import { prepareDefinition, withFaults } from '../stack/prepare.ts';
import { isUpdatable } from '../stack/statuses.ts';
import { templateText } from '../stack/template-source.ts';
import { parametersOf, policyText, tagsOf } from './inputs.ts';

/** AWS: an update without changes answers ValidationError, except for a stack in a failed status. */
export const UpdateStack: Operation<'UpdateStack'> = async (cf, input, context) => {
  const { accountId, region } = context;
  const scope = { accountId, region };
  const stack = stackNamed(cf.records, scope, input.StackName);
  if (!isUpdatable(stack.status)) throw notUpdatable(stack.stackId, stack.status);
  const policy = await policyText(cf, scope, input.StackPolicyBody, input.StackPolicyURL);
  const duringUpdate = await policyText(
    cf,
    scope,
    input.StackPolicyDuringUpdateBody,
    input.StackPolicyDuringUpdateURL,
  );
  for (const text of [policy, duringUpdate]) if (text !== undefined) checkPolicy(text);
  const previous = definitionOf(cf, stack);
  const operation = newOperation('update', cf.clock.now(), {
    onFailure: input.DisableRollback ? 'DO_NOTHING' : 'ROLLBACK',
    policyDuringUpdate: duringUpdate,
    retainExceptOnCreate: input.RetainExceptOnCreate,
  });
  const prepared = await prepareDefinition(cf, stack, operation.id, {
    text: await textOf(cf, scope, stack, input),
    parameters: parametersOf(input.Parameters),
    tags: input.Tags === undefined ? (previous?.tags ?? {}) : tagsOf(input.Tags),
    capabilities: input.Capabilities ?? [],
    notificationArns: input.NotificationARNs ?? previous?.notificationArns ?? [],
    roleArn: input.RoleARN ?? previous?.roleArn,
    previous,
  });
  operation.targetId = prepared.definition.id;
  const tree = await withFaults(() => changeTreeFor(cf, stack, prepared));
  const isRepair = stack.status === 'CREATE_FAILED' || stack.status === 'UPDATE_FAILED';
  if (!isRepair && !hasChanges(tree) && policy === undefined) throw noUpdates();
  beginOperation(cf, stack.stackId, {
    status: 'UPDATE_IN_PROGRESS',
    operation,
    refuse(current) {
      if (!isUpdatable(current.status)) throw notUpdatable(current.stackId, current.status);
    },
    change(current) {
      keepDefinition(cf, scope, prepared);
      current.updatedAt = cf.clock.now();
      current.clientRequestToken = input.ClientRequestToken;
      if (policy !== undefined) current.policy = policy;
      if (input.DisableRollback !== undefined) current.disableRollback = input.DisableRollback;
    },
  });
  return { StackId: stack.stackId };
};

/** The deployed definition; `undefined` before the first success. */
export const definitionOf = (cf: CloudFormation, stack: StackRecord) =>
  stack.definitionId === undefined ? undefined : cf.records.definitions.get(stack.scope, stack.definitionId);

/** The template of an update: the stack's own with UsePreviousTemplate. Rejects with a ValidationError. */
export async function textOf(
  cf: CloudFormation,
  scope: Scope,
  stack: StackRecord,
  input: {
    UsePreviousTemplate?: boolean | undefined;
    TemplateBody?: string | undefined;
    TemplateURL?: string | undefined;
  },
): Promise<string> {
  if (!input.UsePreviousTemplate) return templateText(cf, scope, input);
  if (input.TemplateBody !== undefined || input.TemplateURL !== undefined) {
    throw validationError('You cannot specify both usePreviousTemplate and Template Body/Template URL.');
  }
  const text = cf.records.texts.get(scope, stack.definitionId ?? '')?.text;
  if (text === undefined) throw validationError(`Stack ${stack.stackName} has no template yet.`);
  return text;
}
