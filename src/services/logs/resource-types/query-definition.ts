// AWS::Logs::QueryDefinition. The physical id is the id of the definition.

import { unless } from '../../../control/resource-attempts.ts';
import { listOf, objectsOf, requiredText, textOf } from '../../../control/resource-properties.ts';
import type { Properties, ResourceState, ResourceType } from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import type { Input, Sdk } from '../sdk.ts';

/** AWS: several definitions may have the same name. */
export const queryDefinitionType = (logs: Client<Sdk>): ResourceType => ({
  name: 'AWS::Logs::QueryDefinition',
  async create({ properties, stackId, token, scope }) {
    // AWS: a client token has at least 36 characters. The stack's id ends in as many that are random.
    const clientToken = `${token}-${stackId.slice(-36)}`;
    const input = { ...definitionOf(properties), clientToken };
    const { queryDefinitionId } = await logs.call('PutQueryDefinition', input, scope);
    return stateOf(queryDefinitionId!);
  },
  async update({ properties, physicalId: queryDefinitionId, scope }) {
    await logs.call('PutQueryDefinition', { ...definitionOf(properties), queryDefinitionId }, scope);
    return stateOf(queryDefinitionId);
  },
  async delete({ physicalId: queryDefinitionId, scope }) {
    await unless(
      /^ResourceNotFoundException$/,
      logs.call('DeleteQueryDefinition', { queryDefinitionId }, scope),
    );
  },
});

function definitionOf(properties: Properties): Input<'PutQueryDefinition'> {
  const parameters = objectsOf(properties, 'Parameters').map((one) => ({
    name: requiredText(one, 'Name'),
    defaultValue: textOf(one, 'DefaultValue'),
    description: textOf(one, 'Description'),
  }));
  return {
    name: requiredText(properties, 'Name'),
    queryString: requiredText(properties, 'QueryString'),
    logGroupNames: listOf(properties, 'LogGroupNames'),
    queryLanguage: textOf(properties, 'QueryLanguage') as 'CWLI' | undefined,
    // The service refuses them by name.
    ...(parameters.length > 0 && { parameters }),
  };
}

const stateOf = (id: string): ResourceState => ({ physicalId: id, attributes: { QueryDefinitionId: id } });
