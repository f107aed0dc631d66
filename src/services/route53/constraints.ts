// How Route 53 answers inputs that break the constraints of its model, and where AWS's server differs from the model.

import { Fault } from '../../wire/fault.ts';
import {
  type Breach,
  type ConstraintRules,
  type Violation,
  validationRefusal,
} from '../../wire/violation.ts';

const sharedRefusal = validationRefusal('InvalidInput');

/**
 * AWS: a document is validated against an XML schema, and the first finding is reported in the validator's words (an
 * example: https://github.com/hashicorp/terraform-provider-aws/issues/7557). Paths and queries get the common texts.
 */
function refuse(violations: readonly Violation[]): Fault {
  const inDocument = violations.find(({ member }) => !member?.traits.httpLabel && !member?.traits.httpQuery);
  const words = inDocument?.breach && FINDINGS[inDocument.breach.kind]?.(inDocument, inDocument.breach);
  return words ? new Fault('InvalidInput', `Invalid XML ; ${words}`) : sharedRefusal(violations);
}

type Words = (violation: Violation, breach: Breach) => string | undefined;

const facet =
  (name: string): Words =>
  ({ shown, shape }, { limit }) =>
    `cvc-${name}-valid: Value '${shown}' is not facet-valid with respect to ${name} '${limit}' for type '${shape}'.`;

/** Lists have no facets: too few items are incomplete content, too many are one element too many. */
const lengthFacet =
  (name: string): Words =>
  ({ shown, shape, length, steps }, { limit }) => {
    const item = ITEMS[String(steps.at(-1))];
    if (item && name === 'maxLength') {
      return `cvc-complex-type.2.4.f: '${item}' can occur a maximum of '${limit}' times in the current sequence. This limit was exceeded. No child element is expected at this point.`;
    }
    if (item && name === 'minLength') {
      return `cvc-complex-type.2.4.b: The content of element '${steps.at(-1)}' is not complete. One of '{"https://route53.amazonaws.com/doc/2013-04-01/":${item}}' is expected.`;
    }
    if (item || shape?.endsWith('List')) return undefined;
    return `cvc-${name}-valid: Value '${shown}' with length = '${length}' is not facet-valid with respect to ${name} '${limit}' for type '${shape}'.`;
  };

const ITEMS: Record<string, string> = {
  ResourceRecords: 'ResourceRecord',
  Changes: 'Change',
  ResourceIds: 'ResourceId',
};

const FINDINGS: Partial<Record<Breach['kind'], Words>> = {
  minLength: lengthFacet('minLength'),
  maxLength: lengthFacet('maxLength'),
  minValue: facet('minInclusive'),
  maxValue: facet('maxInclusive'),
  pattern: facet('pattern'),
  whole: ({ shown }) => `cvc-datatype-valid.1.2.1: '${shown}' is not a valid value for 'integer'.`,
  enumeration: ({ shown }, { limit }) =>
    `cvc-enumeration-valid: Value '${shown}' is not facet-valid with respect to enumeration '${limit}'. It must be a value from the enumeration.`,
};

const AT_LEAST_ONE = {
  instead: { min: 1, whole: 1 },
  because: 'the model has a string here; the number of items must be a positive integer',
} as const;

/** Which constraints Route 53 enforces, and with which errors. */
export const constraints: ConstraintRules = {
  refuse,
  exceptions: {
    TagResourceId: {
      instead: { max: 32 },
      because:
        'the model has 64, the server 32 (https://github.com/crossplane-contrib/provider-aws/issues/1826)',
    },
    'ListHostedZonesRequest.MaxItems': AT_LEAST_ONE,
    'ListHostedZonesByNameRequest.MaxItems': AT_LEAST_ONE,
    'ListHostedZonesByVPCRequest.MaxItems': AT_LEAST_ONE,
    'ListResourceRecordSetsRequest.MaxItems': AT_LEAST_ONE,
  },
};
