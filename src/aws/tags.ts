// Tags of every AWS service: which keys and values are valid, how many a resource may have, and the result of a change.
// What differs between services, including the texts of errors, is data that the service passes in.

/** The tags of a resource: value by key. */
export type Tags = Readonly<Record<string, string>>;

/** A tag in a request. */
export interface GivenTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

/** The tags of a request; a missing value counts as an empty one. */
export type GivenTags = readonly GivenTag[] | Tags | undefined;

/** Who makes the change. Only Millpond's own services, e.g. CloudFormation, may set and remove `aws:` tags. */
export interface Tagger {
  isService?: true;
}

/** What is wrong with a tag. `key` is the offending key as given. */
export type TagViolation =
  | {
      rule: 'key length' | 'key characters' | 'value length' | 'value characters';
      key: string;
      value: string;
    }
  | { rule: 'reserved' | 'given twice'; key: string }
  | { rule: 'too many'; most: number; given: number };

/** The tag rules of one service. */
export interface TagRules {
  /** The most tags of a resource. AWS: `aws:` tags do not count. */
  most: number;
  /** Whether `Name` and `name` are the same key. */
  keysIgnoreCase?: boolean;
  /** Whether the last value wins when a key is given twice; otherwise that is an error. */
  lastOfTwoCounts?: boolean;
  /** The characters that keys and values may have; CHARACTERS by default. */
  characters?: RegExp;
  /** The service's error for a violation. */
  fault(violation: TagViolation): Error;
}

/** Applies changes to the tags of a resource. */
export interface Tagging {
  /** The tags after these are added. Throws the service's fault. */
  add(held: Tags, given: GivenTags, tagger?: Tagger): Record<string, string>;
  /** The tags after these keys are removed; unknown keys are ignored. Throws the service's fault. */
  remove(held: Tags, keys: readonly string[] | undefined, tagger?: Tagger): Record<string, string>;
}

/** Source: AWS's tagging guide. Letters, digits and spaces of any script, and `_ . : / = + - @`. */
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
/** The most characters of a key. */
export const LONGEST_KEY = 128;
/** The most characters of a value. */
export const LONGEST_VALUE = 256;

/** Whether the key begins with `aws:`. AWS: the prefix is reserved in any letter case. */
export const isReserved = (key: string): boolean => key.slice(0, 4).toLowerCase() === 'aws:';

/** Builds the tagging of a service from its rules. */
export function taggingBy(rules: TagRules): Tagging {
  const { most, fault, characters = CHARACTERS } = rules;
  const fold = (key: string) => (rules.keysIgnoreCase ? key.toLowerCase() : key);

  function check(key: string, value: string, tagger: Tagger): void {
    if (key === '' || lengthOf(key) > LONGEST_KEY) throw fault({ rule: 'key length', key, value });
    if (!characters.test(key)) throw fault({ rule: 'key characters', key, value });
    checkOwner(key, tagger);
    if (lengthOf(value) > LONGEST_VALUE) throw fault({ rule: 'value length', key, value });
    if (!characters.test(value)) throw fault({ rule: 'value characters', key, value });
  }

  function checkOwner(key: string, tagger: Tagger): void {
    if (!tagger.isService && isReserved(key)) throw fault({ rule: 'reserved', key });
  }

  return {
    add(held, given, tagger = {}) {
      const pairs = pairsOf(given);
      const seen = new Set<string>();
      // A Map, because `__proto__` is a valid key.
      const all = new Map(Object.entries(held).map((tag) => [fold(tag[0]), tag]));
      for (const [key, value] of pairs) {
        check(key, value, tagger);
        const folded = fold(key);
        if (seen.has(folded) && !rules.lastOfTwoCounts) throw fault({ rule: 'given twice', key });
        seen.add(folded);
        all.set(folded, [key, value]);
      }
      const users = [...all.keys()].filter((key) => !isReserved(key)).length;
      if (users > most) throw fault({ rule: 'too many', most, given: users });
      return Object.fromEntries(all.values());
    },
    remove(held, keys = [], tagger = {}) {
      for (const key of keys) checkOwner(key, tagger);
      const gone = new Set(keys.map(fold));
      return Object.fromEntries(Object.entries(held).filter(([key]) => !gone.has(fold(key))));
    },
  };
}

/** The tags as a list, as answers contain them. */
export const listTags = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/**
 * The error text for services whose wording is not known. AWS: the sentence about reserved keys is the one of
 * CloudFormation, Systems Manager and others in public reports of refused requests. The other sentences are Millpond's
 * own.
 */
export function describeViolation(violation: TagViolation): string {
  switch (violation.rule) {
    case 'key length':
      return `A tag key must have between 1 and ${LONGEST_KEY} characters.`;
    case 'value length':
      return `A tag value may have at most ${LONGEST_VALUE} characters.`;
    case 'key characters':
    case 'value characters':
      return 'Tags may hold letters, digits, spaces, and the characters _ . : / = + - @.';
    case 'reserved':
      return 'aws: prefixed tag key names are not allowed for external use.';
    case 'given twice':
      return `The tag key ${violation.key.slice(0, LONGEST_KEY)} is given more than once.`;
    case 'too many':
      return `A resource can have at most ${violation.most} tags.`;
  }
}

/** The length in characters, as AWS counts it, not in UTF-16 units. */
const lengthOf = (text: string): number => (text.length > LONGEST_KEY ? [...text].length : text.length);

function pairsOf(given: GivenTags): [key: string, value: string][] {
  if (!isList(given)) return Object.entries(given ?? {});
  return given.map(({ Key = '', Value = '' }) => [Key, Value]);
}

const isList = (given: GivenTags): given is readonly GivenTag[] => Array.isArray(given);
