// DeleteParameter and DeleteParameters.

import type { Operation } from '../sdk.ts';

/** Throws ParameterNotFound. */
export const DeleteParameter: Operation<'DeleteParameter'> = (ssm, input, context) => {
  ssm.store.transaction(() => {
    ssm.records.parameters.existing(context, input.Name);
    ssm.records.parameters.remove(context, input.Name);
  });
  return {};
};

/** Returns the names of unknown parameters as invalid; they are not an error. */
export const DeleteParameters: Operation<'DeleteParameters'> = (ssm, input, context) =>
  ssm.store.transaction(() => {
    const names = [...new Set(input.Names)];
    const present = names.filter((name) => ssm.records.parameters.find(context, name));
    for (const name of present) ssm.records.parameters.remove(context, name);
    return {
      DeletedParameters: present,
      InvalidParameters: names.filter((name) => !present.includes(name)),
    };
  });
