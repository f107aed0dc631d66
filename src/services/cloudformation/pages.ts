// Pages of CloudFormation's lists.

import { pagesOf } from '../../aws/pages.ts';
import { validationError } from './faults.ts';

/** AWS: of every list. */
export const PAGE = 100;

/** `list` names it in its tokens. The text of the error is our own. */
export const pagesOfList = (list: string) =>
  pagesOf({
    list: `cloudformation ${list}`,
    invalidToken: (token) => validationError(`The specified token is not valid: ${token.slice(0, 100)}`),
  });
