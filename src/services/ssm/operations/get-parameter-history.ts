// GetParameterHistory: every version that is kept, oldest first.

import type { HandlerOf } from '../../../wire/service.ts';
import { historyPages, pageRequest } from '../paging.ts';
import { parseAsked } from '../parameter-names.ts';
import { metadataOf, type Parameters } from '../parameters.ts';
import type { Ssm } from '../service.ts';

const MAX_PAGE = 50;

export function getParameterHistory(parameters: Parameters): HandlerOf<Ssm, 'GetParameterHistory'> {
  return (input, context) => {
    const record = parameters.own.existing(context, parseAsked(context, input.Name).name);
    const { items, token } = historyPages.ofSorted(
      record.versions,
      (version) => String(version.version).padStart(12, '0'),
      pageRequest(MAX_PAGE, input),
    );
    return {
      Parameters: items.map((version) => ({
        Name: record.name,
        ...metadataOf(context, version),
        Value: parameters.valueOf(context, record.name, version, input.WithDecryption === true),
        Labels: version.labels,
      })),
      NextToken: token,
    };
  };
}
