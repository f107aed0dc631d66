// GetTemplate, GetTemplateSummary and ValidateTemplate.

import type { Scope } from '../../../aws/scope.ts';
import type { CloudFormation } from '../context.ts';
import { changeSetNotFound, validationError } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { findStack, stackNamed } from '../stack/lookup.ts';
import { inFaults } from '../stack/prepare.ts';
import { templateText } from '../stack/template-source.ts';
import { changeSetNamed } from './change-set-lookup.ts';
import { textOf } from './update-stack.ts';

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
  // AWS: one that has only been looked at has an empty template. The CDK asks for it between the two.
  if (isUnderReview) return { TemplateBody: '', StagesAvailable: ['Original', 'Processed'] };
  if (!texts) throw validationError(`Template is not available for ${StackName ?? ChangeSetName}`);
  const isProcessed = input.TemplateStage === 'Processed';
  return {
    TemplateBody: isProcessed ? (texts.processed ?? texts.text) : texts.text,
    StagesAvailable: ['Original', 'Processed'],
  };
};

export const ValidateTemplate: Operation<'ValidateTemplate'> = (cf, input, context) =>
  inFaults(async () => {
    const text = await templateText(cf, context, input);
    const summary = await cf.reader.summarize(text, { isChecked: true });
    return {
      Description: summary.description,
      Parameters: summary.parameters.map(({ name, default: usual, noEcho, description }) => ({
        ParameterKey: name,
        DefaultValue: usual,
        NoEcho: noEcho,
        Description: description,
      })),
      Capabilities: summary.capabilities,
      CapabilitiesReason: summary.capabilitiesReason,
      DeclaredTransforms: summary.declaredTransforms,
    };
  });

export const GetTemplateSummary: Operation<'GetTemplateSummary'> = (cf, input, context) =>
  inFaults(async () => {
    const text = await textMeant(cf, context, input);
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

async function textMeant(
  cf: CloudFormation,
  scope: Scope,
  input: {
    StackName?: string | undefined;
    TemplateBody?: string | undefined;
    TemplateURL?: string | undefined;
  },
): Promise<string> {
  if (input.StackName === undefined) return templateText(cf, scope, input);
  const stack = findStack(cf.records, scope, input.StackName);
  if (!stack) throw validationError(`Stack with id ${input.StackName} does not exist`);
  return textOf(cf, scope, stack, { UsePreviousTemplate: true });
}
