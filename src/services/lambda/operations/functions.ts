// Looks at functions, and deletes them.

import { LATEST } from '../domain/names.ts';
import { functionNotFound, invalidParameter, versionInUse } from '../faults.ts';
import { changeFunction, findFunction, keyOf, type Lambda, type Operation, retire } from '../lambda.ts';
import { pageOf } from '../paging.ts';
import { viewConfiguration } from '../view.ts';

export function getFunction(lambda: Lambda): Operation<'GetFunction'> {
  return (input, context) => {
    const { reference, record, version } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
    const { scope, name, qualifier } = reference;
    return {
      Configuration: viewConfiguration(lambda, scope, name, version, qualifier),
      Code: { RepositoryType: 'S3', Location: lambda.packageUrl(version.codeHash) },
      ...(Object.keys(record.tags).length > 0 && { Tags: record.tags }),
      ...(record.reservedConcurrency !== undefined && {
        Concurrency: { ReservedConcurrentExecutions: record.reservedConcurrency },
      }),
    };
  };
}

export function getFunctionConfiguration(lambda: Lambda): Operation<'GetFunctionConfiguration'> {
  return (input, context) => {
    const { reference, version } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
    return viewConfiguration(lambda, reference.scope, reference.name, version, reference.qualifier);
  };
}

export function listFunctions(lambda: Lambda): Operation<'ListFunctions'> {
  return (input, context) => {
    const withVersions = input.FunctionVersion === 'ALL';
    const all = lambda.records.functions.list(context).flatMap((record) => [
      { name: record.name, version: record.latest },
      ...(withVersions ? Object.values(record.versions) : []).map((version) => ({
        name: record.name,
        version,
      })),
    ]);
    const page = pageOf(all, ({ name, version }) => `${name} ${version.version.padStart(9)}`, input);
    return {
      Functions: page.items.map(({ name, version }) =>
        viewConfiguration(lambda, context, name, version, withVersions ? version.version : undefined),
      ),
      NextMarker: page.marker,
    };
  };
}

export function deleteFunction(lambda: Lambda): Operation<'DeleteFunction'> {
  return async (input, context) => {
    const { reference, record, arn } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
    const { scope, name, qualifier } = reference;
    if (qualifier === undefined) {
      lambda.records.functions.delete(scope, name);
      for (const { id, value } of lambda.records.events.listAll()) {
        if (value.functionName === name) lambda.records.events.delete(scope, id);
      }
      await lambda.urlsChanged(scope, name);
      const versions = [record.latest, ...Object.values(record.versions)];
      retire(
        lambda,
        versions.map((version) => keyOf(scope, name, version)),
      );
      return { StatusCode: 204 };
    }
    if (qualifier === LATEST)
      throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
    const version = record.versions[qualifier];
    if (!version) throw functionNotFound(arn);
    const aliases = Object.values(record.aliases).filter(
      (alias) => alias.version === qualifier || alias.weights[qualifier] !== undefined,
    );
    if (aliases.length > 0) throw versionInUse(aliases.map((alias) => alias.name));
    changeFunction(lambda, reference, (current) => void delete current.versions[qualifier]);
    retire(lambda, [keyOf(scope, name, version)]);
    return { StatusCode: 204 };
  };
}
