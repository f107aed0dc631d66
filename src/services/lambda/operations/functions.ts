// Reads, lists and deletes functions.

import type { Page, PageRequest } from '../../../aws/pages.ts';
import type { Scope } from '../../../aws/scope.ts';
import { changeFunction, findFunction, insideBaseOf, keyOf, type Lambda, retire } from '../context.ts';
import type { VersionRecord } from '../domain/model.ts';
import { LATEST, readFunctionName } from '../domain/names.ts';
import { aliasStays, functionNotFound, latestStays, versionInUse } from '../faults.ts';
import { functionPages, pageRequest, versionKey, versionPages } from '../paging.ts';
import type { Operation } from '../sdk.ts';
import { viewConfiguration } from '../view.ts';

export const GetFunction: Operation<'GetFunction'> = (lambda, input, context) => {
  const { reference, record, version } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const { scope, name, qualifier } = reference;
  return {
    Configuration: viewConfiguration(lambda, scope, name, version, qualifier),
    Code: {
      RepositoryType: 'S3',
      Location: lambda.packageUrl(version.codeHash, insideBaseOf(lambda, context)),
    },
    ...(Object.keys(record.tags).length > 0 && { Tags: record.tags }),
    ...(record.reservedConcurrency !== undefined && {
      Concurrency: { ReservedConcurrentExecutions: record.reservedConcurrency },
    }),
  };
};

export const GetFunctionConfiguration: Operation<'GetFunctionConfiguration'> = (lambda, input, context) => {
  const { reference, version } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  return viewConfiguration(lambda, reference.scope, reference.name, version, reference.qualifier);
};

export const ListFunctions: Operation<'ListFunctions'> = async (lambda, input, context) => {
  const request = pageRequest(input);
  if (input.FunctionVersion === 'ALL') {
    const page = await allVersions(lambda, context, request);
    return {
      Functions: page.items.map(({ name, version }) =>
        viewConfiguration(lambda, context, name, version, version.version),
      ),
      NextMarker: page.token,
    };
  }
  const page = await functionPages.ofCollection(lambda.records.functions, context, request);
  return {
    Functions: page.items.map(({ name, latest }) => viewConfiguration(lambda, context, name, latest)),
    NextMarker: page.token,
  };
};

interface Listed {
  name: string;
  version: VersionRecord;
}

/** All versions of every function, `$LATEST` first. A record has several versions, so the page is built here. */
async function allVersions(
  lambda: Lambda,
  scope: Scope,
  { limit, token }: PageRequest,
): Promise<Page<Listed>> {
  const keyOf = ({ name, version }: Listed) => `${name} ${versionKey(version.version)}`;
  const after = versionPages.keyOf(token) ?? '';
  const found: Listed[] = [];
  for await (const batch of lambda.records.functions.batches(scope, { from: after.split(' ')[0] })) {
    for (const { value } of batch) {
      const versions = [value.latest, ...Object.values(value.versions)];
      const listed = versions.map((version) => ({ name: value.name, version }));
      found.push(...listed.filter((one) => keyOf(one) > after));
    }
    if (found.length > limit) break;
  }
  const items = found.slice(0, limit);
  return found.length > limit ? { items, token: versionPages.tokenFor(keyOf(items.at(-1)!)) } : { items };
}

export const DeleteFunction: Operation<'DeleteFunction'> = async (lambda, input, context) => {
  const named = readFunctionName(input.FunctionName, context, input.Qualifier);
  // AWS: checked before the function is looked up.
  if (named.qualifier === LATEST) throw latestStays();
  if (named.qualifier !== undefined && !/^\d+$/.test(named.qualifier)) throw aliasStays();
  const { reference, record, arn } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const { scope, name, qualifier } = reference;
  if (qualifier === undefined) {
    lambda.store.transaction(() => {
      lambda.records.functions.remove(scope, name);
      lambda.events.drop(scope, name);
    });
    await lambda.urlsChanged(scope, name);
    const versions = [record.latest, ...Object.values(record.versions)];
    retire(
      lambda,
      versions.map((version) => keyOf(scope, name, version)),
    );
    return { StatusCode: 204 };
  }
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
