// Prepares the definition of a nested stack from the properties of the parent's resource.

import type { ResourceRequest } from '../../../control/resource-type.ts';
import type { CloudFormation } from '../context.ts';
import { usersTags } from '../tags.ts';
import { asProperties } from '../template/coerce.ts';
import type { StackRecord } from './model.ts';
import { type Prepared, prepareDefinition } from './prepare.ts';
import { fetchTemplate } from './template-source.ts';

/** `tags` are those of the parent. Rejects with faults, like `prepareDefinition`. */
export async function prepareNested(
  cf: CloudFormation,
  { properties, scope, tags }: Pick<ResourceRequest, 'properties' | 'scope' | 'tags'>,
  stack: Pick<StackRecord, 'scope' | 'stackId' | 'stackName'>,
  definitionId: string,
): Promise<Prepared> {
  const given = Object.entries(asProperties(properties.Parameters));
  return prepareDefinition(cf, stack, definitionId, {
    text: await fetchTemplate(cf, scope, String(properties.TemplateURL ?? '')),
    parameters: new Map(given.map(([name, value]) => [name, { value: asText(value) }])),
    tags: usersTags(tags),
    capabilities: [],
    notificationArns: [],
    ignoresCapabilities: true,
  });
}

const asText = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value));
