// GetParameterHistory: every stored version, oldest first.

import { historyPages, pageRequest } from '../paging.ts';
import { parseAsked } from '../parameter-names.ts';
import { metadataOf, readValue } from '../parameters.ts';
import type { Operation } from '../sdk.ts';

const MAX_PAGE = 50;

/** Throws ParameterNotFound. */
export const GetParameterHistory: Operation<'GetParameterHistory'> = (ssm, input, context) => {
  const record = ssm.records.parameters.existing(context, parseAsked(context, input.Name).name);
  const { items, token } = historyPages.ofSorted(
    record.versions,
    (version) => String(version.version).padStart(12, '0'),
    pageRequest(MAX_PAGE, input),
  );
  return {
    Parameters: items.map((version) => ({
      Name: record.name,
      ...metadataOf(context, version),
      Value: readValue(ssm, context, record.name, version, input.WithDecryption === true),
      Labels: version.labels,
    })),
    NextToken: token,
  };
};
