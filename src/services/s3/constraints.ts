// What S3 answers to inputs that its model does not allow, where the model says what the server holds to.

import type { Fault } from '../../wire/fault.ts';
import type { ConstraintRules, Violation } from '../../wire/violation.ts';
import { malformedCopySource } from './domain/copy-source.ts';
import { invalidArgument, malformedXml } from './faults/requests.ts';

/** By the model's name of a shape. */
const OWN_WORDS: Record<string, (shown: string) => Fault> = {
  CopySource: malformedCopySource,
  MaxBuckets: (shown) =>
    invalidArgument('Argument max-buckets must be an integer between 1 and 10000', 'max-buckets', shown),
  PartNumber: (shown) =>
    invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', shown),
};

/** Only the first is told. AWS: of a document no more than that something is wrong with it. */
function refuse([first]: readonly Violation[]): Fault {
  const { member, shape = '', shown = '' } = first!;
  const own = OWN_WORDS[shape];
  if (own) return own(shown);
  const name = member?.traits.httpQuery ?? member?.traits.httpHeader;
  if (name === undefined) return malformedXml();
  return invalidArgument(`Provided ${name} not an integer or within integer range`, name, shown);
}

export const constraints: ConstraintRules = {
  refuse,
  only: {
    kinds: ['pattern', 'minLength', 'maxLength', 'minValue', 'maxValue', 'whole'],
    because:
      'values of enumerations are told in words of their own in headers, and as MalformedXML or not in documents',
  },
  exceptions: {
    'ObjectIdentifier.Key': {
      instead: { min: undefined },
      because: 'DeleteObjects tells it of the one object, as UserKeyMustBeSpecified, and deletes the others',
    },
    'Tag.Key': {
      instead: { min: undefined },
      because: 'the server says which tag it is, as InvalidTag: domain/tags.ts',
    },
  },
};
