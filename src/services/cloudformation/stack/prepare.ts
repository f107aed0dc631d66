// From a request to a definition: the template is fetched, read and checked whole, the parameters are settled, and
// nothing has been written. Whatever is wrong is a fault that names the place.

import { zonesOf } from '../../../aws/regions.ts';
import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { CloudFormation } from '../context.ts';
import { insufficientCapabilities, validationError } from '../faults.ts';
import { TemplateError } from '../template/issues.ts';
import { type GivenParameter, resolveParameters } from '../template/parameters.ts';
import { failedRules } from '../template/rules.ts';
import { stackContext } from '../template/stack-context.ts';
import { missingCapabilities } from '../template/summary.ts';
import type { Template } from '../template/template.ts';
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
    const resolved = await resolveParameters(
      template.parameters,
      wish.parameters,
      parameterLookups(cf, stack.scope),
      previousOf(wish),
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
async function readWhole(
  cf: CloudFormation,
  scope: Scope,
  wish: DefinitionWish,
): Promise<{ template: Template; processed?: string | undefined }> {
  const { template, processed, capabilities } = await cf.reader.read(
    {
      text: wish.text,
      region: scope.region,
      given: wish.parameters,
      previous: previousOf(wish),
      knownTypes: cf.knownTypes(),
      takesUnknownTypes: cf.options.unknownResources === 'record',
      isReviewed: wish.isReviewed ?? false,
    },
    (location) => fetchTemplate(cf, scope, location, INCLUDE_SENTENCES),
  );
  if (!wish.ignoresCapabilities) {
    const missing = missingCapabilities(capabilities, wish.capabilities);
    if (missing.length > 0) throw insufficientCapabilities(missing);
  }
  return { template, processed };
}

const previousOf = ({ previous }: DefinitionWish): Map<string, string> =>
  new Map(previous?.parameters.map(({ name, text }) => [name, text] as const));

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
