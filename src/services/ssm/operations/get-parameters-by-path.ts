// GetParametersByPath: all directly below a path, or anywhere below it.

import type { HandlerOf } from '../../../wire/service.ts';
import { validation } from '../faults.ts';
import { filterOf, isUnder } from '../filters.ts';
import { pageRequest, parameterPages } from '../paging.ts';
import { latestOf, type ParameterRecord, type Parameters, viewParameter } from '../parameters.ts';
import type { Ssm } from '../service.ts';

const MAX_PAGE = 10;
const FILTERS = ['Type', 'KeyId', 'Label', 'Name', 'DataType', 'Tier'];

export function getParametersByPath(parameters: Parameters): HandlerOf<Ssm, 'GetParametersByPath'> {
  return async (input, context) => {
    const { Path } = input;
    if (!Path.startsWith('/')) {
      throw validation(
        'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
      );
    }
    // AWS: the public ones are seen only by who names their path.
    const isPublic = `${Path}/`.startsWith('/aws/service/');
    const matches = filterOf(input.ParameterFilters, FILTERS);
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
