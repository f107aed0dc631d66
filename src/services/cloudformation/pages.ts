// How CloudFormation divides its lists into pages.

import { pagesOf } from '../../aws/pages.ts';
import { validationError } from './faults.ts';

/** AWS: the page size of every list. */
export const PAGE = 100;

/** The pager of one list. Its tokens contain `list`, so that another list refuses them. The error's text is our own. */
export const pagesOfList = (list: string) =>
  pagesOf({
    list: `cloudformation ${list}`,
    invalidToken: (token) => validationError(`The specified token is not valid: ${token.slice(0, 100)}`),
  });
