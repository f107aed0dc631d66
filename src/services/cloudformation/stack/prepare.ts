// Turns a request into a definition: reads and validates the template, resolves the parameters and checks the rules. It
// writes nothing. Every error in the template becomes a fault that names the place.

import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { CloudFormation } from '../context.ts';
import { validationError } from '../faults.ts';
import { TemplateError, TransformError } from '../template/issues.ts';
import { type GivenParameter, resolveParameters } from '../template/parameters.ts';
import { parseTemplate } from '../template/parse.ts';
import { failedRules } from '../template/rules.ts';
import { type Template, templateOf } from '../template/template.ts';
import { contextOf, NOTHING_KNOWN, type StackNames } from './compile.ts';
import type { Definition } from './model.ts';
import { parameterLookups } from './parameter-lookups.ts';
import { fetchTemplate, INCLUDE_SENTENCES } from './template-source.ts';

/** What a request says about the definition to deploy. */
export interface DefinitionRequest {
  text: string;
  parameters: ReadonlyMap<string, GivenParameter>;
  tags: Record<string, string>;
  capabilities: readonly string[];
  notificationArns: readonly string[];
  roleArn?: string | undefined;
  /** The deployed definition. */
  previous?: Definition | undefined;
  /** For a nested stack: the request for its root acknowledged the capabilities. */
  ignoresCapabilities?: boolean | undefined;
  /** For a change set: the user can review what the transforms produced before it is executed. */
  isReviewed?: boolean | undefined;
}

/** A valid definition that is not stored yet. */
export interface Prepared {
  definition: Definition;
  texts: { text: string; processed?: string | undefined };
  template: Template;
  /** A transform failed with this error; the processed template has no resources then. */
  failedTransform?: TransformError | undefined;
}

/** The processed template after a failed transform. A template must declare a resource; this one is never created. */
const NO_RESOURCES = JSON.stringify({
  Conditions: { Never: { 'Fn::Equals': ['0', '1'] } },
  Resources: { Nothing: { Type: 'AWS::CloudFormation::WaitConditionHandle', Condition: 'Never' } },
});

/**
 * `id` becomes the definition's id. Rejects with a ValidationError or an InsufficientCapabilitiesException. AWS: a
 * failed transform is no error of the request, because transforms run after its answer.
 */
export async function prepareDefinition(
  cf: CloudFormation,
  stack: StackNames,
  id: string,
  request: DefinitionRequest,
): Promise<Prepared> {
  const { tags, capabilities, notificationArns, roleArn } = request;
  const asRequested = {
    ...{ id, tags, roleArn },
    capabilities: [...capabilities],
    notificationArns: [...notificationArns],
  };
  return withFaults(async () => {
    const read = await readTemplate(cf, stack.scope, request);
    if (read instanceof TransformError) {
      return {
        definition: { ...asRequested, parameters: [] },
        template: templateOf(parseTemplate(NO_RESOURCES)),
        texts: { text: request.text, processed: NO_RESOURCES },
        failedTransform: read,
      };
    }
    const { template, processed } = read;
    const resolved = await resolveParameters(
      template.parameters,
      request.parameters,
      parameterLookups(cf, stack.scope),
      previousOf(request),
    );
    const definition: Definition = {
      ...asRequested,
      description: template.description,
      parameters: [...resolved.values()],
    };
    await checkRules(stack, template, definition);
    return { definition, template, texts: { text: request.text, processed } };
  });
}

/** The validated template after its transforms, or why one failed. Rejects with other TemplateErrors and faults. */
async function readTemplate(
  cf: CloudFormation,
  scope: Scope,
  request: DefinitionRequest,
): Promise<{ template: Template; processed?: string | undefined } | TransformError> {
  const reading = cf.reader.read(
    {
      text: request.text,
      region: scope.region,
      given: request.parameters,
      previous: previousOf(request),
      knownTypes: cf.knownTypes(),
      takesUnknownTypes: cf.options.unknownResources === 'record',
      isReviewed: request.isReviewed ?? false,
      acknowledged: request.ignoresCapabilities ? undefined : request.capabilities,
    },
    (location) => fetchTemplate(cf, scope, location, INCLUDE_SENTENCES),
  );
  return reading.catch((error: unknown) => {
    if (error instanceof TransformError) return error;
    throw error;
  });
}

const previousOf = ({ previous }: DefinitionRequest): Map<string, string> =>
  new Map(previous?.parameters.map(({ name, text }) => [name, text] as const));

async function checkRules(stack: StackNames, template: Template, definition: Definition): Promise<void> {
  const context = contextOf(template, stack, definition, NOTHING_KNOWN);
  const issues = await failedRules(template, { ...context, attributeOf: async () => undefined });
  if (issues.length > 0) throw new TemplateError(issues);
}

/** Runs `work` and turns a TemplateError into a ValidationError whose cause it is. */
export async function withFaults<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault || !(error instanceof TemplateError)) throw error;
    throw Object.assign(validationError(error.message), { cause: error });
  }
}
