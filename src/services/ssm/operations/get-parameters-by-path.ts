// GetParametersByPath: all directly below a path, or anywhere below it.

import type { HandlerOf } from '../../../wire/service.ts';
import { validation } from '../faults.ts';
import { filtered, isUnder } from '../filters.ts';
import { page } from '../paging.ts';
import { latestOf, type Parameters, viewParameter } from '../parameters.ts';
import type { Ssm } from '../service.ts';

const MAX_PAGE = 10;

export function getParametersByPath(parameters: Parameters): HandlerOf<Ssm, 'GetParametersByPath'> {
  return (input, context) => {
    const { Path } = input;
    if (!Path.startsWith('/')) {
      throw validation(
        'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
      );
    }
    // AWS: the public ones are seen only by who names their path.
    const isPublic = `${Path}/`.startsWith('/aws/service/');
    const all = isPublic ? parameters.publicOnes(context) : parameters.list(context);
    const below = all.filter((record) => isUnder(record.name, Path, input.Recursive === true));
    const matching = filtered(below, input.ParameterFilters, [
      'Type',
      'KeyId',
      'Label',
      'Name',
      'DataType',
      'Tier',
    ]);
    const { items, marker } = page(matching, (record) => record.name, MAX_PAGE, input);
    return {
      Parameters: items.map((record) =>
        viewParameter(parameters, context, record, latestOf(record), input.WithDecryption === true),
      ),
      NextToken: marker,
    };
  };
}
