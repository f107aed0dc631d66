// From a request to a definition: the template is fetched, read and checked whole, the parameters are settled, and
// nothing has been written. Whatever is wrong is a fault that names the place.

import type { Value } from '../../../control/resource-type.ts';
import { zonesOf } from '../../../kernel/regions.ts';
import type { Scope } from '../../../kernel/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { CloudFormation } from '../cloudformation.ts';
import { insufficientCapabilities, validationError } from '../faults.ts';
import { resourceSpecs } from '../resource-spec.ts';
import { expandTransforms } from '../template/expand.ts';
import { TemplateError } from '../template/issues.ts';
import { plainOf } from '../template/node.ts';
import { type GivenParameter, resolveParameters } from '../template/parameters.ts';
import { parseTemplate } from '../template/parse.ts';
import { failedRules } from '../template/rules.ts';
import { stackContext } from '../template/stack-context.ts';
import { capabilitiesOf, missingCapabilities } from '../template/summary.ts';
import { readTemplate, type Template } from '../template/template.ts';
import { validateTemplate } from '../template/validate.ts';
import type { StackNames } from './compile.ts';
import type { Definition } from './model.ts';
import { parameterLookups } from './parameter-lookups.ts';
import { fetchTemplate, INCLUDE_SENTENCES } from './template-source.ts';

export interface DefinitionWish {
  text: string;
  parameters: ReadonlyMap<string, GivenParameter>;
  tags: Record<string, string>;
  capabilities: readonly string[];
  notificationArns: readonly string[];
  roleArn?: string | undefined;
  /** What is deployed now. */
  previous?: Definition | undefined;
  /** Nested stacks answer to the capabilities of their root. */
  ignoresCapabilities?: boolean | undefined;
  /** It is for a change set, in which a user sees what transforms make before it is carried out. */
  isReviewed?: boolean | undefined;
}

export interface Prepared {
  definition: Definition;
  texts: { text: string; processed?: string | undefined };
  template: Template;
}

/** Throws faults. */
export async function prepareDefinition(
  cf: CloudFormation,
  stack: StackNames,
  id: string,
  wish: DefinitionWish,
): Promise<Prepared> {
  return inFaults(async () => {
    const { template, processed } = await readWhole(cf, stack.scope, wish);
    const previous = new Map(wish.previous?.parameters.map(({ name, text }) => [name, text] as const));
    const resolved = await resolveParameters(
      template.parameters,
      wish.parameters,
      parameterLookups(cf, stack.scope),
      previous,
    );
    const definition: Definition = {
      id,
      description: template.description,
      parameters: [...resolved.values()],
      tags: wish.tags,
      capabilities: [...wish.capabilities],
      notificationArns: [...wish.notificationArns],
      roleArn: wish.roleArn,
    };
    await checkRules(stack, template, definition);
    return { definition, template, texts: { text: wish.text, processed } };
  });
}

/** Text to a template that has been checked, with its transforms done. Throws TemplateErrors and faults. */
export async function readWhole(
  cf: CloudFormation,
  scope: Scope,
  wish: Pick<
    DefinitionWish,
    'text' | 'parameters' | 'previous' | 'capabilities' | 'ignoresCapabilities' | 'isReviewed'
  >,
): Promise<{ template: Template; processed?: string | undefined }> {
  const root = parseTemplate(wish.text);
  const asGiven = readTemplate(root);
  if (asGiven.issues.length > 0) throw new TemplateError(asGiven.issues);
  const needsExpanding = asGiven.template.transforms.length > 0 || wish.text.includes('Fn::Transform');
  const expanded = needsExpanding
    ? await expandTransforms(root, {
        region: scope.region,
        parameters: parametersForExpansion(asGiven.template, wish),
        include: (location) => fetchTemplate(cf, scope, location, INCLUDE_SENTENCES),
      })
    : root;
  const read = expanded === root ? asGiven : readTemplate(expanded);
  const issues = [
    ...read.issues,
    ...validateTemplate(read.template, {
      specs: resourceSpecs(),
      isKnownType: (type) => cf.typeNamed(type) !== undefined,
      allowUnknownTypes: cf.options.unknownResources === 'record',
    }),
  ];
  if (issues.length > 0) throw new TemplateError(issues);
  if (!wish.ignoresCapabilities) {
    const { capabilities } = capabilitiesOf(asGiven.template, { isReviewed: wish.isReviewed });
    const missing = missingCapabilities(capabilities, wish.capabilities);
    if (missing.length > 0) throw insufficientCapabilities(missing);
  }
  const processed = expanded === root ? undefined : JSON.stringify(plainOf(expanded));
  return { template: read.template, processed };
}

/** As texts: a transform is done before types and lookups are known. */
function parametersForExpansion(
  template: Template,
  { parameters, previous }: Pick<DefinitionWish, 'parameters' | 'previous'>,
): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const [name, { default: usual }] of template.parameters) {
    const given = parameters.get(name);
    const kept = previous?.parameters.find((parameter) => parameter.name === name)?.text;
    const value = given?.usePreviousValue ? kept : (given?.value ?? usual);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

async function checkRules(stack: StackNames, template: Template, definition: Definition): Promise<void> {
  const context = stackContext({
    template,
    stack: { ...stack, notificationArns: definition.notificationArns },
    parameters: new Map(definition.parameters.map(({ name, value }) => [name, value])),
    zones: zonesOf,
    resource: () => undefined,
    exported: () => undefined,
  });
  const issues = await failedRules(template, { ...context, attributeOf: async () => undefined });
  if (issues.length > 0) throw new TemplateError(issues);
}

/** What is wrong with a template becomes a ValidationError, of which it is the cause. */
export async function inFaults<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault || !(error instanceof TemplateError)) throw error;
    throw Object.assign(validationError(error.message), { cause: error });
  }
}
