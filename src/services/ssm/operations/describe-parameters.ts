// DescribeParameters: everything about parameters except their values.

import { validation } from '../faults.ts';
import { DESCRIBE_KEYS, type Filter, filterOf } from '../filters.ts';
import { pageRequest, parameterPages } from '../paging.ts';
import { arnOf } from '../parameter-names.ts';
import { latestOf, metadataOf } from '../parameters.ts';
import type { Operation } from '../sdk.ts';

const MAX_PAGE = 50;

/**
 * Lists only own parameters. Throws ValidationException for old and new filters together, and the faults of filters.
 */
export const DescribeParameters: Operation<'DescribeParameters'> = async (ssm, input, context) => {
  if (input.Filters?.length && input.ParameterFilters?.length) {
    throw validation('You can use either Filters or ParameterFilters in a single request.');
  }
  // AWS: the older filters compare only the beginning.
  const older = input.Filters?.map((filter): Filter => ({ ...filter, Option: 'BeginsWith' }));
  const filters: Filter[] | undefined = input.ParameterFilters ?? older;
  const { items, token } = await parameterPages.ofCollection(ssm.records.parameters, context, {
    ...pageRequest(MAX_PAGE, input),
    wanted: filterOf(filters, DESCRIBE_KEYS),
  });
  return {
    Parameters: items.map((record) => ({
      Name: record.name,
      ARN: arnOf(context, record.name),
      ...metadataOf(context, latestOf(record)),
    })),
    NextToken: token,
  };
};
