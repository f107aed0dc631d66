// What SSM says of the tags of parameters.

import { taggingBy } from '../../aws/tags.ts';
import { tooManyTags, validation } from './faults.ts';

export const tagging = taggingBy({
  most: 50,
  fault(violation) {
    switch (violation.rule) {
      case 'too many':
        return tooManyTags(violation.most);
      case 'reserved':
        return validation("Tag keys starting with 'aws:' are reserved for internal use.");
      case 'given twice':
        return validation(`The tag key ${violation.key.slice(0, 128)} is given more than once.`);
      case 'key length':
        return validation('A tag key must have between 1 and 128 characters.');
      case 'value length':
        return validation('A tag value may have at most 256 characters.');
      default:
        return validation('Tags may hold letters, digits, spaces, and the characters _ . : / = + - @.');
    }
  },
});
