// GetParametersByPath: the parameters directly below a path, or anywhere below it.

import { BY_PATH_KEYS, checkPath, filterOf, isUnder } from '../filters.ts';
import { pageRequest, parameterPages } from '../paging.ts';
import { latestOf, publicParameters, viewParameter } from '../parameters.ts';
import type { ParameterRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';

const MAX_PAGE = 10;

/** Throws ValidationException for an invalid path, and the faults of filters. */
export const GetParametersByPath: Operation<'GetParametersByPath'> = async (ssm, input, context) => {
  const { Path } = input;
  checkPath(Path);
  // AWS: only a path of public parameters returns public parameters.
  const isPublic = `${Path}/`.startsWith('/aws/service/');
  const matches = filterOf(input.ParameterFilters, BY_PATH_KEYS);
  const wanted = (record: ParameterRecord) =>
    isUnder(record.name, Path, input.Recursive === true) && matches(record);
  const request = pageRequest(MAX_PAGE, input);
  const { items, token } = isPublic
    ? parameterPages.ofSorted(publicParameters(context).filter(wanted), ({ name }) => name, request)
    : await parameterPages.ofCollection(ssm.records.parameters, context, {
        ...request,
        prefix: prefixOf(Path),
        wanted,
      });
  return {
    Parameters: items.map((record) =>
      viewParameter(ssm, context, record, latestOf(record), input.WithDecryption === true),
    ),
    NextToken: token,
  };
};

/** The common prefix of all names below a path. AWS: names without a slash are also below `/`. */
const prefixOf = (path: string): string => (path === '/' ? '' : `${path.replace(/\/$/, '')}/`);
