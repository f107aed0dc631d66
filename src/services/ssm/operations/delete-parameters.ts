// DeleteParameter and DeleteParameters.

import type { HandlerOf } from '../../../wire/service.ts';
import type { Parameters } from '../parameters.ts';
import type { Ssm } from '../service.ts';

export function deleteParameter(parameters: Parameters): HandlerOf<Ssm, 'DeleteParameter'> {
  return (input, context) => {
    parameters.transaction(() => {
      parameters.own.existing(context, input.Name);
      parameters.own.remove(context, input.Name);
    });
    return {};
  };
}

/** Those that do not exist are named, and are no error. */
export function deleteParameters(parameters: Parameters): HandlerOf<Ssm, 'DeleteParameters'> {
  return (input, context) =>
    parameters.transaction(() => {
      const names = [...new Set(input.Names)];
      const present = names.filter((name) => parameters.own.find(context, name));
      for (const name of present) parameters.own.remove(context, name);
      return {
        DeletedParameters: present,
        InvalidParameters: names.filter((name) => !present.includes(name)),
      };
    });
}
