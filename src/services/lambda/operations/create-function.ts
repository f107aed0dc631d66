// Creates a function from a package of code.

import { storePackage } from '../code/package-source.ts';
import { newConfiguration } from '../domain/configuration.ts';
import type { FunctionRecord } from '../domain/model.ts';
import { LATEST, readFunctionName } from '../domain/names.ts';
import { functionExists, invalidParameter, layerNotFound } from '../faults.ts';
import { findLayerVersion, type Lambda, newRevision, type Operation, prepare } from '../lambda.ts';
import { tagging } from '../tags.ts';
import { viewConfiguration } from '../view.ts';
import { publish } from './versions.ts';

export function createFunction(lambda: Lambda): Operation<'CreateFunction'> {
  return async (input, context) => {
    const { scope, name } = readFunctionName(input.FunctionName, context);
    if (input.PackageType === 'Image') {
      throw invalidParameter('Millpond runs no container images yet; give a .zip package.');
    }
    const configuration = newConfiguration(input);
    requireLayers(lambda, configuration.layers);
    if (lambda.records.functions.get(scope, name)) throw functionExists(name);
    const code = await storePackage(lambda, scope, input.Code);
    const record: FunctionRecord = {
      name,
      latest: {
        ...configuration,
        version: LATEST,
        architectures: input.Architectures ?? ['x86_64'],
        codeHash: code.hash,
        codeBytes: code.bytes,
        modifiedAt: lambda.clock.now(),
        revisionId: newRevision(),
      },
      versions: {},
      lastVersion: 0,
      aliases: {},
      urls: {},
      policies: {},
      eventInvoke: {},
      tags: tagging.add({}, input.Tags, context),
    };
    const published = input.Publish ? publish(record, record.latest.description) : undefined;
    lambda.store.transaction(() => {
      // Somebody may have been quicker.
      if (lambda.records.functions.get(scope, name)) throw functionExists(name);
      lambda.records.functions.put(scope, name, record);
    });
    prepare(lambda, scope, record);
    return viewConfiguration(lambda, scope, name, published ?? record.latest);
  };
}

/** Throws InvalidParameterValueException for the first that is missing. */
export function requireLayers(lambda: Lambda, arns: readonly string[]): void {
  for (const arn of arns) if (!findLayerVersion(lambda, arn)) throw layerNotFound(arn);
}
