// GetParameter and GetParameters: own and public parameters by name or ARN, with a version or a label.

import { Fault } from '../../../wire/fault.ts';
import type { RequestContext } from '../../../wire/service.ts';
import type { Ssm } from '../context.ts';
import { parameterNotFound } from '../faults.ts';
import { parseAsked } from '../parameter-names.ts';
import { findParameter, versionOf, viewParameter } from '../parameters.ts';
import type { Operation } from '../sdk.ts';

/** Throws ParameterNotFound or ParameterVersionNotFound. */
export const GetParameter: Operation<'GetParameter'> = (ssm, input, context) => ({
  Parameter: read(ssm, context, input.Name, input.WithDecryption === true),
});

/** Returns the names of unknown parameters as invalid; they are not an error. */
export const GetParameters: Operation<'GetParameters'> = (ssm, input, context) => {
  const invalid: string[] = [];
  const found = [...new Set(input.Names)].flatMap((name) => {
    try {
      return [read(ssm, context, name, input.WithDecryption === true)];
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      invalid.push(name);
      return [];
    }
  });
  return { Parameters: found, InvalidParameters: invalid };
};

function read(ssm: Ssm, context: RequestContext, text: string, isDecrypted: boolean) {
  const { name, selector, isByArn } = parseAsked(context, text);
  const record = findParameter(ssm, context, name);
  if (!record) throw parameterNotFound();
  const version = versionOf(record, selector);
  const held = viewParameter(ssm, context, record, version, isDecrypted);
  // AWS: the name has a leading slash if the request has one.
  const view = isByArn ? held : { ...held, Name: name };
  return selector === undefined ? view : { ...view, Selector: `:${selector}` };
}
