// What IAM answers to inputs that its model does not allow, and where its server allows something else.

import { type ConstraintRules, inSharedWords, memberPath } from '../../wire/violation.ts';
import { invalidName, invalidPath } from './faults.ts';

const inWordsOfAll = inSharedWords('ValidationError');

/** AWS: names and paths of characters that they may not have are told alone, in IAM's own words. */
const OWN_WORDS: Record<string, typeof invalidName> = {
  '[\\w+=,.@-]+': invalidName,
  '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)': invalidPath,
};

export const constraints: ConstraintRules = {
  refuse(violations) {
    for (const violation of violations) {
      const { breach } = violation;
      const own = breach?.kind === 'pattern' && violation.steps.length === 1 && OWN_WORDS[breach.limit];
      if (own) return own(memberPath(violation));
    }
    return inWordsOfAll(violations);
  },
  exceptions: {
    markerType: {
      instead: { max: 4_096 },
      because: 'the markers that Millpond gives hold an ARN, which has up to 2,048 characters',
    },
  },
};
