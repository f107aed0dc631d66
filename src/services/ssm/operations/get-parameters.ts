// GetParameter and GetParameters: by name, ARN, version or label, one's own and AWS's public ones.

import { Fault } from '../../../wire/fault.ts';
import type { HandlerOf, RequestContext } from '../../../wire/service.ts';
import { parameterNotFound } from '../faults.ts';
import { parseAsked } from '../parameter-names.ts';
import { type Parameters, versionOf, viewParameter } from '../parameters.ts';
import type { Ssm } from '../service.ts';

export function getParameter(parameters: Parameters): HandlerOf<Ssm, 'GetParameter'> {
  return (input, context) => ({
    Parameter: read(parameters, context, input.Name, input.WithDecryption === true),
  });
}

/** Those that do not exist are named, and are no error. */
export function getParameters(parameters: Parameters): HandlerOf<Ssm, 'GetParameters'> {
  return (input, context) => {
    const invalid: string[] = [];
    const found = [...new Set(input.Names)].flatMap((name) => {
      try {
        return [read(parameters, context, name, input.WithDecryption === true)];
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        invalid.push(name);
        return [];
      }
    });
    return { Parameters: found, InvalidParameters: invalid };
  };
}

function read(parameters: Parameters, context: RequestContext, text: string, isDecrypted: boolean) {
  const { name, selector, isByArn } = parseAsked(context, text);
  const record = parameters.find(context, name);
  if (!record) throw parameterNotFound();
  const version = versionOf(record, selector);
  const held = viewParameter(parameters, context, record, version, isDecrypted);
  // AWS: with or without the slash in front, as it was asked for.
  const view = isByArn ? held : { ...held, Name: name };
  return selector === undefined ? view : { ...view, Selector: `:${selector}` };
}
