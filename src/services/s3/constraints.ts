// How S3 answers inputs that break the constraints of its model, for the constraints that its server enforces.

import type { Fault } from '../../wire/fault.ts';
import type { ConstraintRules, Violation } from '../../wire/violation.ts';
import { malformedCopySource } from './domain/copy-source.ts';
import { invalidArgument, malformedXml, partNumberOutOfRange } from './faults/requests.ts';

/** Errors with a text of their own, by the name of the shape. */
const OWN_WORDS: Record<string, (shown: string) => Fault> = {
  CopySource: malformedCopySource,
  MaxBuckets: (shown) =>
    invalidArgument('Argument max-buckets must be an integer between 1 and 10000', 'max-buckets', shown),
  PartNumber: partNumberOutOfRange,
};

/** Reports the first violation only. AWS: a violation in a document is MalformedXML, without details. */
function refuse([first]: readonly Violation[]): Fault {
  const { member, shape = '', shown = '' } = first!;
  const own = OWN_WORDS[shape];
  if (own) return own(shown);
  const name = member?.traits.httpQuery ?? member?.traits.httpHeader;
  if (name === undefined) return malformedXml();
  return invalidArgument(`Provided ${name} not an integer or within integer range`, name, shown);
}

/** Which constraints S3 enforces, and with which errors. */
export const constraints: ConstraintRules = {
  refuse,
  only: {
    kinds: ['pattern', 'minLength', 'maxLength', 'minValue', 'maxValue', 'whole'],
    because:
      'invalid enumeration values have errors of their own in headers, and are MalformedXML or accepted in documents',
  },
  exceptions: {
    'ObjectIdentifier.Key': {
      instead: { min: undefined },
      because: 'DeleteObjects reports UserKeyMustBeSpecified for that object and deletes the others',
    },
    'Tag.Key': {
      instead: { min: undefined },
      because: 'the server names the tag in InvalidTag, which domain/tags.ts throws',
    },
  },
};
