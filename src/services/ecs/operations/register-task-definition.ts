// RegisterTaskDefinition.

import { refuseAbsentFeatures } from '../domain/absent-features.ts';
import type { Definition, DefinitionContent } from '../domain/model.ts';
import { registered } from '../domain/registered.ts';
import { checkDefinition } from '../domain/task-definition-rules.ts';
import { clientError } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { addTags, viewTags } from '../tagging.ts';
import { viewDefinition } from '../view.ts';

/** AWS: bytes of a task definition. */
const MOST_BYTES = 65_536;
const MOST_REVISIONS = 1_000_000;

/** Throws ClientException, InvalidParameterException. */
export const RegisterTaskDefinition: Operation<'RegisterTaskDefinition'> = (ecs, input, context) => {
  const { family, tags, ...given } = input;
  const content = given as DefinitionContent;
  const length = Buffer.byteLength(JSON.stringify(content));
  if (length > MOST_BYTES) {
    throw clientError(`Actual length: '${length}'. Max allowed length is '${MOST_BYTES}' bytes.`);
  }
  refuseAbsentFeatures(content);
  checkDefinition(family, content);
  return ecs.store.transaction(() => {
    const { families, definitions } = ecs.records;
    const revision = (families.get(context, family)?.latest ?? 0) + 1;
    if (revision > MOST_REVISIONS) throw clientError('The family has too many revisions.');
    families.put(context, family, { latest: revision });
    const definition: Definition = {
      ...{ family, revision, status: 'ACTIVE', registeredAt: ecs.clock.now() },
      registeredBy: `arn:aws:iam::${context.accountId}:root`,
      content: registered(content),
      tags: addTags({}, tags, context),
    };
    definitions.put(context, definition);
    return {
      taskDefinition: viewDefinition(context, definition),
      ...(tags && tags.length > 0 && { tags: viewTags(definition.tags) }),
    };
  });
};
