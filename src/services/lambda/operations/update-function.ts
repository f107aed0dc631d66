// Changes a function's code or configuration. Environments of the old state end, busy ones after their invocation.

import { withPackage } from '../code/package-source.ts';
import {
  changeFunction,
  type Found,
  findFunction,
  findLayers,
  keyOf,
  type Lambda,
  newRevision,
  prepare,
  requireRevision,
  retire,
} from '../context.ts';
import { changedConfiguration } from '../domain/configuration.ts';
import type { FunctionRecord } from '../domain/model.ts';
import { functionArn } from '../domain/names.ts';
import type { Operation } from '../sdk.ts';
import { asUpdated, viewConfiguration } from '../view.ts';
import { vpcOf } from '../vpc-configuration.ts';
import { publish } from './versions.ts';

export const UpdateFunctionCode: Operation<'UpdateFunctionCode'> = async (lambda, input, context) => {
  const found = findFunction(lambda, input.FunctionName, context);
  const { scope, name } = found.reference;
  requireRevision(found.record.latest.revisionId, input.RevisionId);
  return withPackage(lambda, scope, input, (code) => {
    const of = { codeHash: code.hash, codeBytes: code.bytes };
    if (input.DryRun) return viewConfiguration(lambda, scope, name, { ...found.record.latest, ...of });
    const shown = changeLatest(lambda, found, (record) => {
      // Check again: another request may have changed it while the package was read.
      requireRevision(record.latest.revisionId, input.RevisionId);
      Object.assign(record.latest, of, input.Architectures && { architectures: input.Architectures });
      return input.Publish ?? false;
    });
    // Prepare at once: the last update of the function may have failed.
    if (!lambda.code.isOpened(code.hash) || lambda.preparing.has(functionArn(scope, name))) {
      prepare(lambda, scope, lambda.records.functions.existing(scope, name), false);
    }
    return asUpdated(viewConfiguration(lambda, scope, name, shown));
  });
};

export const UpdateFunctionConfiguration: Operation<'UpdateFunctionConfiguration'> = async (
  lambda,
  input,
  context,
) => {
  const found = findFunction(lambda, input.FunctionName, context);
  const { scope, name } = found.reference;
  const vpcId = await vpcOf(lambda, scope, input.VpcConfig);
  const shown = changeLatest(lambda, found, (record) => {
    requireRevision(record.latest.revisionId, input.RevisionId);
    const { logging: _, ...latest } = record.latest;
    const changed = changedConfiguration(record.latest, input, (arns) => findLayers(lambda, arns), vpcId);
    record.latest = { ...latest, ...changed };
    return false;
  });
  const record = lambda.records.functions.existing(scope, name);
  if (record.latest.runtime !== found.version.runtime) prepare(lambda, scope, record, false);
  return asUpdated(viewConfiguration(lambda, scope, name, shown));
};

/** `change` returns whether to publish a version, which is then returned. */
function changeLatest(lambda: Lambda, { reference }: Found, change: (record: FunctionRecord) => boolean) {
  const { scope, name } = reference;
  let old = '';
  const shown = changeFunction(lambda, reference, (record) => {
    old = keyOf(scope, name, record.latest);
    const publishes = change(record);
    record.latest.modifiedAt = lambda.clock.now();
    record.latest.revisionId = newRevision();
    return publishes ? publish(record, record.latest.description) : record.latest;
  });
  retire(lambda, [old]);
  return shown;
}
