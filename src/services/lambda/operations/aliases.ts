// Aliases: names that point at one version or share invocations between two.

import type { Scope } from '../../../aws/scope.ts';
import { changeFunction, findFunction, newRevision, requireAlias, requireRevision } from '../context.ts';
import type { AliasRecord, FunctionRecord } from '../domain/model.ts';
import { functionArn, LATEST } from '../domain/names.ts';
import { aliasExists, functionNotFound, invalidParameter } from '../faults.ts';
import { aliasPages, pageRequest } from '../paging.ts';
import type { Operation } from '../sdk.ts';
import { viewAlias } from '../view.ts';

type Weights = Record<string, number>;

function requireVersion(record: FunctionRecord, scope: Scope, version: string): string {
  if (version === LATEST || record.versions[version]) return version;
  throw functionNotFound(functionArn(scope, record.name, version));
}

function weightsOf(record: FunctionRecord, scope: Scope, given: Weights | undefined): Weights {
  const weights = Object.entries(given ?? {});
  if (weights.length > 1)
    throw invalidParameter('Number of items in AdditionalVersionWeights cannot be greater than 1');
  for (const [version, weight] of weights) {
    requireVersion(record, scope, version);
    if (!(weight >= 0 && weight <= 1)) throw invalidParameter('Weights must be between 0.0 and 1.0');
  }
  return Object.fromEntries(weights);
}

export const CreateAlias: Operation<'CreateAlias'> = (lambda, input, context) => {
  const { reference } = findFunction(lambda, input.FunctionName, context);
  const { scope, name } = reference;
  if (!/^(?![0-9]+$)[\w-]{1,128}$/.test(input.Name)) {
    throw invalidParameter(
      `Alias name ${input.Name} is not valid: it must contain a character that is not a digit`,
    );
  }
  const alias = changeFunction(lambda, reference, (record) => {
    if (record.aliases[input.Name]) throw aliasExists(functionArn(scope, name, input.Name));
    const made: AliasRecord = {
      name: input.Name,
      version: requireVersion(record, scope, input.FunctionVersion),
      description: input.Description ?? '',
      weights: weightsOf(record, scope, input.RoutingConfig?.AdditionalVersionWeights),
      revisionId: newRevision(),
    };
    record.aliases[input.Name] = made;
    return made;
  });
  return viewAlias(scope, name, alias);
};

export const UpdateAlias: Operation<'UpdateAlias'> = (lambda, input, context) => {
  const { reference } = findFunction(lambda, input.FunctionName, context);
  const { scope, name } = reference;
  const changed = changeFunction(lambda, reference, (record) => {
    const alias = requireAlias(record, scope, input.Name);
    requireRevision(alias.revisionId, input.RevisionId);
    if (input.FunctionVersion) alias.version = requireVersion(record, scope, input.FunctionVersion);
    if (input.Description !== undefined) alias.description = input.Description;
    const weights = input.RoutingConfig?.AdditionalVersionWeights;
    if (weights) alias.weights = weightsOf(record, scope, weights);
    alias.revisionId = newRevision();
    return alias;
  });
  return viewAlias(scope, name, changed);
};

export const GetAlias: Operation<'GetAlias'> = (lambda, input, context) => {
  const { record, reference } = findFunction(lambda, input.FunctionName, context);
  return viewAlias(reference.scope, record.name, requireAlias(record, reference.scope, input.Name));
};

export const ListAliases: Operation<'ListAliases'> = (lambda, input, context) => {
  const { record, reference } = findFunction(lambda, input.FunctionName, context);
  const aliases = Object.values(record.aliases)
    .filter((alias) => !input.FunctionVersion || alias.version === input.FunctionVersion)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const page = aliasPages.ofSorted(aliases, (alias) => alias.name, pageRequest(input));
  return {
    Aliases: page.items.map((alias) => viewAlias(reference.scope, record.name, alias)),
    NextMarker: page.token,
  };
};

export const DeleteAlias: Operation<'DeleteAlias'> = async (lambda, input, context) => {
  const { reference } = findFunction(lambda, input.FunctionName, context);
  changeFunction(lambda, reference, (record) => {
    delete record.aliases[input.Name];
    delete record.urls[input.Name];
    delete record.policies[input.Name];
    delete record.eventInvoke[input.Name];
  });
  await lambda.urlsChanged(reference.scope, reference.name);
  return {};
};
