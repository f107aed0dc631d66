// GetParametersByPath: all directly below a path, or anywhere below it.

import type { HandlerOf } from '../../../wire/service.ts';
import { BY_PATH_KEYS, checkPath, filterOf, isUnder } from '../filters.ts';
import { pageRequest, parameterPages } from '../paging.ts';
import { latestOf, type ParameterRecord, type Parameters, viewParameter } from '../parameters.ts';
import type { Ssm } from '../service.ts';

const MAX_PAGE = 10;

export function getParametersByPath(parameters: Parameters): HandlerOf<Ssm, 'GetParametersByPath'> {
  return async (input, context) => {
    const { Path } = input;
    checkPath(Path);
    // AWS: the public ones are seen only by who names their path.
    const isPublic = `${Path}/`.startsWith('/aws/service/');
    const matches = filterOf(input.ParameterFilters, BY_PATH_KEYS);
    const wanted = (record: ParameterRecord) =>
      isUnder(record.name, Path, input.Recursive === true) && matches(record);
    const request = pageRequest(MAX_PAGE, input);
    const { items, token } = isPublic
      ? parameterPages.ofSorted(parameters.publicOnes(context).filter(wanted), ({ name }) => name, request)
      : await parameterPages.ofCollection(parameters.own, context, {
          ...request,
          prefix: prefixOf(Path),
          wanted,
        });
    return {
      Parameters: items.map((record) =>
        viewParameter(parameters, context, record, latestOf(record), input.WithDecryption === true),
      ),
      NextToken: token,
    };
  };
}

/** What the names below a path begin with. AWS: those without a slash lie below `/`, too. */
const prefixOf = (path: string): string => (path === '/' ? '' : `${path.replace(/\/$/, '')}/`);
