// GetParameterHistory: every version that is kept, oldest first.

import type { HandlerOf } from '../../../wire/service.ts';
import { parameterNotFound } from '../faults.ts';
import { page } from '../paging.ts';
import { parseAsked } from '../parameter-names.ts';
import { metadataOf, type Parameters } from '../parameters.ts';
import type { Ssm } from '../service.ts';

const MAX_PAGE = 50;

export function getParameterHistory(parameters: Parameters): HandlerOf<Ssm, 'GetParameterHistory'> {
  return (input, context) => {
    const record = parameters.own(context, parseAsked(input.Name).name);
    if (!record) throw parameterNotFound();
    const { items, marker } = page(
      record.versions,
      (version) => String(version.version).padStart(12, '0'),
      MAX_PAGE,
      input,
    );
    return {
      Parameters: items.map((version) => ({
        Name: record.name,
        ...metadataOf(context, version),
        Value: parameters.valueOf(context, record.name, version, input.WithDecryption === true),
        Labels: version.labels,
      })),
      NextToken: marker,
    };
  };
}
