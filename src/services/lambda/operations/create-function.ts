// Creates a function from a code package.

import type { StoredCode } from '../code/code-store.ts';
import { withPackage } from '../code/package-source.ts';
import { findLayers, type Lambda, newRevision, prepare } from '../context.ts';
import { type Configuration, newConfiguration } from '../domain/configuration.ts';
import type { FunctionRecord } from '../domain/model.ts';
import { LATEST, readFunctionName } from '../domain/names.ts';
import { functionExists, invalidParameter } from '../faults.ts';
import type { Input, Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';
import { asCreated, viewConfiguration } from '../view.ts';
import { vpcOf } from '../vpc-configuration.ts';
import { publish } from './versions.ts';

export const CreateFunction: Operation<'CreateFunction'> = async (lambda, input, context) => {
  const { scope, name } = readFunctionName(input.FunctionName, context);
  if (input.PackageType === 'Image') {
    throw invalidParameter('Millpond does not run container images yet; provide a .zip package.');
  }
  const check = (vpcId?: string) => {
    const configuration = newConfiguration(input, (arns) => findLayers(lambda, arns), vpcId);
    if (lambda.records.functions.find(scope, name)) throw functionExists(name);
    return configuration;
  };
  check();
  const vpcId = await vpcOf(lambda, scope, input.VpcConfig);
  const tags = tagging.add({}, input.Tags, context);
  return withPackage(lambda, scope, input.Code, (code) => {
    // Check again: while the package was read, a layer may have been deleted or the name taken.
    const { record, published } = lambda.store.transaction(() => {
      const made = newRecord(lambda, name, input, { configuration: check(vpcId), code, tags });
      const version = input.Publish ? publish(made, made.latest.description) : undefined;
      lambda.records.functions.add(scope, made);
      return { record: made, published: version };
    });
    prepare(lambda, scope, record, true);
    return asCreated(viewConfiguration(lambda, scope, name, published ?? record.latest));
  });
};

function newRecord(
  lambda: Lambda,
  name: string,
  input: Input<'CreateFunction'>,
  parts: { configuration: Configuration; code: StoredCode; tags: Record<string, string> },
): FunctionRecord {
  const { configuration, code, tags } = parts;
  return {
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
    tags,
  };
}
