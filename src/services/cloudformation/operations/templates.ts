// GetTemplate, GetTemplateSummary and ValidateTemplate.

import type { Scope } from '../../../aws/scope.ts';
import type { CloudFormation } from '../context.ts';
import { changeSetNotFound, validationError } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { findStack, stackNamed } from '../stack/lookup.ts';
import { withFaults } from '../stack/prepare.ts';
import { type TemplateInput, templateText } from '../stack/template-source.ts';
import { changeSetNamed } from './change-set-lookup.ts';
import { textOf } from './inputs.ts';

export const GetTemplate: Operation<'GetTemplate'> = (cf, input, context) => {
  const { StackName, ChangeSetName } = input;
  if (StackName === undefined && ChangeSetName === undefined) {
    throw validationError('StackName is required if ChangeSetName is not specified.');
  }
  let definitionId: string | undefined;
  let isUnderReview = false;
  if (ChangeSetName !== undefined) {
    const changeSet = changeSetNamed(cf, context, StackName, ChangeSetName);
    if (!changeSet) throw changeSetNotFound(ChangeSetName);
    ({ definitionId } = changeSet);
  } else {
    const stack = stackNamed(cf.records, context, StackName!);
    definitionId = stack.definitionId ?? stack.operation?.targetId;
    isUnderReview = stack.status === 'REVIEW_IN_PROGRESS';
  }
  const texts = definitionId === undefined ? undefined : cf.records.texts.get(context, definitionId);
  // AWS: a stack in review has an empty template. The CDK reads it before it executes the change set.
  if (isUnderReview) return { TemplateBody: '', StagesAvailable: ['Original', 'Processed'] };
  if (!texts) throw validationError(`Template is not available for ${StackName ?? ChangeSetName}`);
  const isProcessed = input.TemplateStage === 'Processed';
  return {
    TemplateBody: isProcessed ? (texts.processed ?? texts.text) : texts.text,
    StagesAvailable: ['Original', 'Processed'],
  };
};

/** Checks the template alone; see `validateShape`. */
export const ValidateTemplate: Operation<'ValidateTemplate'> = (cf, input, context) =>
  withFaults(async () => {
    const text = await templateText(cf, context, input);
    const summary = await cf.reader.summarize(text, { isChecked: true });
    return {
      Description: summary.description,
      Parameters: summary.parameters.map(({ name, default: defaultValue, noEcho, description }) => ({
        ParameterKey: name,
        DefaultValue: defaultValue,
        NoEcho: noEcho,
        Description: description,
      })),
      Capabilities: summary.capabilities,
      CapabilitiesReason: summary.capabilitiesReason,
      DeclaredTransforms: summary.declaredTransforms,
    };
  });

/** Summarizes a template without validating its references. */
export const GetTemplateSummary: Operation<'GetTemplateSummary'> = (cf, input, context) =>
  withFaults(async () => {
    const text = await textOfStackOrInput(cf, context, input);
    const summary = await cf.reader.summarize(text, { isChecked: false });
    return {
      Description: summary.description,
      Parameters: summary.parameters.map((parameter) => ({
        ParameterKey: parameter.name,
        DefaultValue: parameter.default,
        ParameterType: parameter.type.name,
        NoEcho: parameter.noEcho,
        Description: parameter.description,
        ParameterConstraints: parameter.allowedValues ? { AllowedValues: [...parameter.allowedValues] } : {},
      })),
      ResourceTypes: summary.resourceTypes,
      Capabilities: summary.capabilities,
      CapabilitiesReason: summary.capabilitiesReason,
      DeclaredTransforms: summary.declaredTransforms,
      Version: summary.version,
      Metadata: summary.metadata,
    };
  });

async function textOfStackOrInput(
  cf: CloudFormation,
  scope: Scope,
  input: TemplateInput & { StackName?: string | undefined },
): Promise<string> {
  if (input.StackName === undefined) return templateText(cf, scope, input);
  const stack = findStack(cf.records, scope, input.StackName);
  if (!stack) throw validationError(`Stack with id ${input.StackName} does not exist`);
  return textOf(cf, stack, { UsePreviousTemplate: true });
}
