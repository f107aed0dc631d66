// Validation of lifecycle rules. The error texts are AWS's, as its users have reported them. Pure.

import { invalidArgument, invalidRequest, malformedXml } from '../faults/requests.ts';
import { filterForm, integer, listOf, oneOf, STATUS, structure } from './documents.ts';
import type { LifecycleRule } from './given-settings.ts';

const LONGEST_ID = 255;
const DAY_MS = 24 * 3600 * 1000;

const STORAGE_CLASS = oneOf(
  'GLACIER',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
);
// Values out of range have errors of their own, below.
const ANY_INTEGER = integer(-(2 ** 31));
const ANY_SIZE = integer(0, Number.MAX_SAFE_INTEGER);

/** The form of PutBucketLifecycleConfiguration's document. */
export const LIFECYCLE_FORM = structure(
  {
    Rules: listOf(
      structure(
        {
          Status: STATUS,
          Filter: filterForm({ ObjectSizeGreaterThan: ANY_SIZE, ObjectSizeLessThan: ANY_SIZE }),
          Expiration: structure(
            { Days: ANY_INTEGER },
            { exactlyOneOf: ['Days', 'Date', 'ExpiredObjectDeleteMarker'] },
          ),
          Transitions: listOf(
            structure(
              { StorageClass: STORAGE_CLASS, Days: ANY_INTEGER },
              { required: ['StorageClass'], exactlyOneOf: ['Days', 'Date'] },
            ),
          ),
          NoncurrentVersionExpiration: structure(
            { NoncurrentDays: ANY_INTEGER, NewerNoncurrentVersions: ANY_INTEGER },
            { required: ['NoncurrentDays'] },
          ),
          NoncurrentVersionTransitions: listOf(
            structure(
              {
                StorageClass: STORAGE_CLASS,
                NoncurrentDays: ANY_INTEGER,
                NewerNoncurrentVersions: ANY_INTEGER,
              },
              { required: ['StorageClass', 'NoncurrentDays'] },
            ),
          ),
          AbortIncompleteMultipartUpload: structure(
            { DaysAfterInitiation: ANY_INTEGER },
            { required: ['DaysAfterInitiation'] },
          ),
        },
        { required: ['Status'], exactlyOneOf: ['Filter', 'Prefix'] },
      ),
      1,
    ),
  },
  { required: ['Rules'] },
);

/** Validates rules that have the form of LIFECYCLE_FORM. Throws InvalidArgument, InvalidRequest. */
export function checkLifecycleRules(rules: readonly LifecycleRule[]): void {
  const ids = new Set<string>();
  for (const rule of rules) {
    const { ID } = rule;
    if (ID !== undefined && ID.length > LONGEST_ID) {
      throw invalidArgument('ID length should not exceed allowed limit of 255', 'ID', ID.slice(0, 1024));
    }
    if (ID !== undefined && ids.has(ID)) {
      throw invalidArgument('Rule ID must be unique. Found same ID for more than one rule', 'ID', ID);
    }
    if (ID !== undefined) ids.add(ID);
    checkActions(rule);
    checkFilter(rule);
  }
}

function checkActions(rule: LifecycleRule): void {
  const {
    Expiration,
    Transitions = [],
    NoncurrentVersionExpiration,
    NoncurrentVersionTransitions = [],
  } = rule;
  const abort = rule.AbortIncompleteMultipartUpload;
  const isEmpty =
    !Expiration &&
    !NoncurrentVersionExpiration &&
    !abort &&
    Transitions.length + NoncurrentVersionTransitions.length === 0;
  if (isEmpty) throw invalidRequest('At least one action needs to be specified in a rule');
  positive('Days', 'Expiration', Expiration?.Days);
  midnight(Expiration?.Date);
  positive('NoncurrentDays', 'NoncurrentVersionExpiration', NoncurrentVersionExpiration?.NoncurrentDays);
  positive(
    'NewerNoncurrentVersions',
    'NoncurrentVersionExpiration',
    NoncurrentVersionExpiration?.NewerNoncurrentVersions,
  );
  positive('DaysAfterInitiation', 'AbortIncompleteMultipartUpload', abort?.DaysAfterInitiation);
  for (const transition of NoncurrentVersionTransitions) {
    nonnegative('NoncurrentDays', 'NoncurrentVersionTransition', transition.NoncurrentDays);
    positive('NewerNoncurrentVersions', 'NoncurrentVersionTransition', transition.NewerNoncurrentVersions);
  }
  checkTransitions(rule);
}

function checkTransitions({ Transitions = [], Expiration, Filter, Prefix }: LifecycleRule): void {
  const classes = new Set<string>();
  for (const { Days, Date: date, StorageClass } of Transitions) {
    nonnegative('Days', 'Transition', Days);
    midnight(date);
    if (classes.has(StorageClass!)) {
      throw invalidRequest("'StorageClass' must be different for 'Transition' actions in same 'Rule'");
    }
    classes.add(StorageClass!);
    if (Days !== undefined && Days < 30 && /_IA$/.test(StorageClass!)) {
      throw invalidArgument(
        `'Days' in Transition action must be greater than or equal to 30 for storageClass '${StorageClass}'`,
        'Days',
        Days,
      );
    }
    if (Days !== undefined && Expiration?.Days !== undefined && Expiration.Days <= Days) {
      throw invalidArgument(
        `'Days' in the Expiration action for filter '(prefix=${Filter?.Prefix ?? Prefix ?? ''})' must be greater than 'Days' in the Transition action`,
        'Days',
        Expiration.Days,
      );
    }
  }
}

function checkFilter({ Filter }: LifecycleRule): void {
  const and = Filter?.And;
  const keys = and?.Tags?.map(({ Key }) => Key) ?? [];
  if (new Set(keys).size < keys.length) throw invalidRequest('Duplicate Tag Keys are not allowed.');
  const least = and?.ObjectSizeGreaterThan;
  const most = and?.ObjectSizeLessThan;
  if (least !== undefined && most !== undefined && most <= least) throw malformedXml();
}

function positive(name: string, action: string, value: number | undefined): void {
  if (value === undefined || value > 0) return;
  throw invalidArgument(`'${name}' for ${action} action must be a positive integer`, name, value);
}

function nonnegative(name: string, action: string, value: number | undefined): void {
  if (value === undefined || value >= 0) return;
  throw invalidArgument(`'${name}' in ${action} action must be nonnegative`, name, value);
}

function midnight(date: Date | undefined): void {
  if (!date || date.getTime() % DAY_MS === 0) return;
  throw invalidArgument("'Date' must be at midnight GMT", 'Date', date.toISOString());
}
