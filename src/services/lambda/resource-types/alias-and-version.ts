// AWS::Lambda::Version and AWS::Lambda::Alias.

import { isRefused, unless } from '../../../control/resource-attempts.ts';
import { numberOf, objectOf, objectsOf, requiredText, textOf } from '../../../control/resource-properties.ts';
import type { ExistingResource, Properties, ResourceType } from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import { EXISTS, GONE } from '../faults.ts';
import type { Input, Sdk } from '../sdk.ts';

type Lambda = Client<Sdk>;

/** PublishVersion is idempotent while nothing changes, so retries need no care. */
export const versionType = (lambda: Lambda): ResourceType => ({
  name: 'AWS::Lambda::Version',

  async create({ scope, properties }) {
    const input = {
      FunctionName: requiredText(properties, 'FunctionName'),
      ...optional(properties, 'Description', 'CodeSha256'),
    };
    const made = await lambda.call('PublishVersion', input as Input<'PublishVersion'>, scope);
    const arn = made.FunctionArn!;
    return { physicalId: arn, attributes: { FunctionArn: arn, Version: made.Version! } };
  },

  async delete({ scope, physicalId }) {
    await unless(GONE, lambda.call('DeleteFunction', { FunctionName: physicalId }, scope));
  },
});

/** The resource type of aliases. */
export const aliasType = (lambda: Lambda): ResourceType => ({
  name: 'AWS::Lambda::Alias',

  async create({ scope, properties, isRetry }) {
    const input = aliasInput(properties);
    try {
      const made = await lambda.call('CreateAlias', input as Input<'CreateAlias'>, scope);
      return stateOf(made.AliasArn!);
    } catch (error) {
      if (!isRetry || !isRefused(error, EXISTS)) throw error;
      const found = await lambda.call(
        'GetAlias',
        { FunctionName: input.FunctionName, Name: input.Name },
        scope,
      );
      return stateOf(found.AliasArn!);
    }
  },

  async update({ scope, properties }: ExistingResource) {
    const input = { Description: '', ...aliasInput(properties) };
    const changed = await lambda.call('UpdateAlias', input as Input<'UpdateAlias'>, scope);
    return stateOf(changed.AliasArn!);
  },

  async delete({ scope, physicalId }) {
    const [FunctionName, Name] = [
      physicalId.slice(0, physicalId.lastIndexOf(':')),
      physicalId.split(':').at(-1)!,
    ];
    await unless(GONE, lambda.call('DeleteAlias', { FunctionName, Name }, scope));
  },
});

const stateOf = (arn: string) => ({ physicalId: arn, attributes: { AliasArn: arn } });

function aliasInput(properties: Properties) {
  const routing = objectOf(properties, 'RoutingConfig') ?? {};
  return {
    FunctionName: requiredText(properties, 'FunctionName'),
    Name: requiredText(properties, 'Name'),
    FunctionVersion: requiredText(properties, 'FunctionVersion'),
    ...optional(properties, 'Description'),
    RoutingConfig: { AdditionalVersionWeights: weightsOf(objectsOf(routing, 'AdditionalVersionWeights')) },
  };
}

/** A template has a list of versions with weights, the API a map. */
const weightsOf = (weights: readonly Properties[]): Record<string, number> =>
  Object.fromEntries(
    weights.map((each) => [requiredText(each, 'FunctionVersion'), numberOf(each, 'FunctionWeight') ?? 0]),
  );

function optional(properties: Properties, ...names: string[]): Record<string, string> {
  const given = names.flatMap((name) => {
    const text = textOf(properties, name);
    return text === undefined ? [] : [[name, text] as const];
  });
  return Object.fromEntries(given);
}
