// How IAM words the refusal of input that its model does not allow, and where its server differs from the model.

import { type ConstraintRules, memberPath, validationRefusal } from '../../wire/violation.ts';
import { invalidName, invalidPath } from './faults.ts';

const sharedRefusal = validationRefusal('ValidationError');

/** AWS: for invalid characters in a name or a path, IAM reports only that one violation, in its own words. */
const OWN_WORDS: Record<string, typeof invalidName> = {
  '[\\w+=,.@-]+': invalidName,
  '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)': invalidPath,
};

/** IAM's exceptions to its model, and its validation errors. */
export const constraints: ConstraintRules = {
  refuse(violations) {
    for (const violation of violations) {
      const { breach } = violation;
      const own = breach?.kind === 'pattern' && violation.steps.length === 1 && OWN_WORDS[breach.limit];
      if (own) return own(memberPath(violation));
    }
    return sharedRefusal(violations);
  },
  exceptions: {
    markerType: {
      instead: { max: 4_096 },
      because: 'the markers that Millpond gives hold an ARN, which has up to 2,048 characters',
    },
  },
};
