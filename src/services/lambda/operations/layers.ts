// Layers: packages that are mounted at /opt in the functions that name them. A version never changes.

import type { Scope } from '../../../aws/scope.ts';
import type { RequestContext } from '../../../wire/service.ts';
import { withPackage } from '../code/package-source.ts';
import { insideBaseOf, type Lambda, requireLayerVersion } from '../context.ts';
import type { LayerRecord, LayerVersionRecord } from '../domain/model.ts';
import { layerArn, layerNameOf, readLayerVersionArn } from '../domain/names.ts';
import { notFound } from '../faults.ts';
import { layerPages, layerVersionPages, pageRequest } from '../paging.ts';
import type { Operation } from '../sdk.ts';
import { listedLayerVersion, viewLayerVersion } from '../view.ts';

export const PublishLayerVersion: Operation<'PublishLayerVersion'> = async (lambda, input, context) => {
  const name = layerNameOf(input.LayerName);
  const made = await withPackage(lambda, context, input.Content, (code) =>
    lambda.store.transaction(() => {
      const record: LayerRecord = lambda.records.layers.find(context, name) ?? {
        name,
        lastVersion: 0,
        versions: {},
      };
      const version: LayerVersionRecord = {
        version: ++record.lastVersion,
        description: input.Description ?? '',
        runtimes: input.CompatibleRuntimes ?? [],
        architectures: input.CompatibleArchitectures ?? [],
        ...(input.LicenseInfo !== undefined && { license: input.LicenseInfo }),
        codeHash: code.hash,
        codeBytes: code.bytes,
        createdAt: lambda.clock.now(),
      };
      record.versions[version.version] = version;
      lambda.records.layers.put(context, record);
      return version;
    }),
  );
  return shown(lambda, context, context, name, made);
};

function shown(
  lambda: Lambda,
  client: RequestContext,
  scope: Scope,
  name: string,
  version: LayerVersionRecord,
) {
  const view = viewLayerVersion(scope, name, version);
  const Location = lambda.packageUrl(version.codeHash, insideBaseOf(lambda, client));
  return { ...view, Content: { ...view.Content, Location } };
}

export const GetLayerVersion: Operation<'GetLayerVersion'> = (lambda, input, context) => {
  const name = layerNameOf(input.LayerName);
  return shown(
    lambda,
    context,
    context,
    name,
    requireLayerVersion(lambda, context, name, input.VersionNumber),
  );
};

export const GetLayerVersionByArn: Operation<'GetLayerVersionByArn'> = (lambda, input, context) => {
  const reference = readLayerVersionArn(input.Arn);
  if (!reference) throw notFound();
  const { scope, name, version } = reference;
  return shown(lambda, context, scope, name, requireLayerVersion(lambda, scope, name, version));
};

export const ListLayers: Operation<'ListLayers'> = async (lambda, input, context) => {
  const matching = (record: LayerRecord) => newestFirst(record).find((version) => suits(version, input));
  const page = await layerPages.ofCollection(lambda.records.layers, context, {
    ...pageRequest(input),
    wanted: (record) => matching(record) !== undefined,
  });
  return {
    Layers: page.items.map((record) => ({
      LayerName: record.name,
      LayerArn: layerArn(context, record.name),
      LatestMatchingVersion: listedLayerVersion(context, record.name, matching(record)!),
    })),
    NextMarker: page.token,
  };
};

export const ListLayerVersions: Operation<'ListLayerVersions'> = (lambda, input, context) => {
  const name = layerNameOf(input.LayerName);
  const record = lambda.records.layers.find(context, name);
  const versions = record ? newestFirst(record).filter((version) => suits(version, input)) : [];
  // Newest first, so the key of an older version is greater.
  const page = layerVersionPages.ofSorted(
    versions,
    ({ version }) => String(1e9 - version).padStart(9, '0'),
    pageRequest(input),
  );
  return {
    LayerVersions: page.items.map((version) => listedLayerVersion(context, name, version)),
    NextMarker: page.token,
  };
};

/** AWS: deleting a missing version succeeds; functions with the version keep working. */
export const DeleteLayerVersion: Operation<'DeleteLayerVersion'> = (lambda, input, context) => {
  const name = layerNameOf(input.LayerName);
  lambda.store.transaction(() => {
    const record = lambda.records.layers.find(context, name);
    if (!record) return;
    delete record.versions[input.VersionNumber];
    lambda.records.layers.put(context, record);
  });
  return {};
};

const newestFirst = (record: LayerRecord): LayerVersionRecord[] =>
  Object.values(record.versions).toSorted((a, b) => b.version - a.version);

function suits(
  version: LayerVersionRecord,
  {
    CompatibleRuntime,
    CompatibleArchitecture,
  }: { CompatibleRuntime?: string; CompatibleArchitecture?: string },
): boolean {
  return (
    (!CompatibleRuntime || version.runtimes.includes(CompatibleRuntime)) &&
    (!CompatibleArchitecture || version.architectures.includes(CompatibleArchitecture))
  );
}
