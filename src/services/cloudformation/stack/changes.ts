// Computes the change tree from a stack as deployed to a prepared definition.

import { zonesOf } from '../../../aws/regions.ts';
import type { Value } from '../../../control/resource-type.ts';
import { inSlices } from '../../../kernel/turn.ts';
import { type ChangeTree, changeTreeSteps, type ExistingResource } from '../change/index.ts';
import type { CloudFormation } from '../context.ts';
import { resourceSpecs } from '../resource-spec.ts';
import { parametersOf } from './compile.ts';
import { findExport } from './lookup.ts';
import type { StackRecord } from './model.ts';
import type { Prepared } from './prepare.ts';
import { compiledStack, resourcesOf } from './stacks.ts';

/**
 * Rejects with a TemplateError when the template cannot be evaluated. `unchanged`: logical ids of nested stacks whose
 * own change sets have no changes.
 */
export async function changeTreeFor(
  cf: CloudFormation,
  stack: StackRecord,
  prepared: Prepared,
  unchanged?: ReadonlySet<string>,
): Promise<ChangeTree> {
  const { definition, template } = prepared;
  const steps = changeTreeSteps({
    before: await beforeOf(cf, stack),
    after: {
      template,
      stack: { ...stack, notificationArns: definition.notificationArns },
      parameters: parametersOf(definition),
      tags: definition.tags,
    },
    specs: resourceSpecs(),
    unchanged,
    resourceType: (type) => cf.typeNamed(type),
    exported: (name) => findExport(cf.records, stack.scope, name)?.value,
    zones: zonesOf,
  });
  return inSlices(steps);
}

async function beforeOf(cf: CloudFormation, stack: StackRecord) {
  if (stack.definitionId === undefined) return undefined;
  const definition = cf.records.definitions.get(stack.scope, stack.definitionId);
  const existing = [...resourcesOf(cf, stack).values()].flatMap(
    ({ logicalId, type, made }): [string, ExistingResource][] =>
      made
        ? [
            [
              logicalId,
              {
                type,
                physicalId: made.physicalId ?? '',
                ref: made.ref,
                attributes: made.attributes,
                properties: made.properties,
                metadata: made.metadata,
              },
            ],
          ]
        : [],
  );
  return {
    template: (await compiledStack(cf, stack, stack.definitionId)).template,
    parameters: definition ? parametersOf(definition) : new Map<string, Value>(),
    tags: definition?.tags ?? {},
    resources: new Map(existing),
    outputs: new Map(stack.outputs.map(({ name, value }) => [name, value] as const)),
    exportNames: new Map(
      stack.outputs.flatMap(({ name, exportName }) =>
        exportName === undefined ? [] : [[name, exportName] as const],
      ),
    ),
  };
}
