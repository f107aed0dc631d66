// Tags as every AWS service has them. One engine: what may be a key and a value, how many there may be, and what a
// change leaves. What differs between services, the texts of their errors among it, is their data.

/** The tags of a resource, value by key. */
export type Tags = Readonly<Record<string, string>>;

export interface GivenTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

/** As a request gives them; a value left out is an empty one. */
export type GivenTags = readonly GivenTag[] | Tags | undefined;

/** Who makes the change. Millpond's own services may set and remove tags of AWS's: CloudFormation does. */
export interface Tagger {
  isService?: true;
}

/** What is wrong with a tag. `key` is the one meant, as it was given. */
export type TagViolation =
  | {
      rule: 'key length' | 'key characters' | 'value length' | 'value characters';
      key: string;
      value: string;
    }
  | { rule: 'reserved' | 'given twice'; key: string }
  | { rule: 'too many'; most: number; given: number };

/** What one service says of tags. */
export interface TagRules {
  /** How many tags a resource may have. AWS: its own are not counted. */
  most: number;
  /** Whether `Name` and `name` are one key. */
  keysIgnoreCase?: boolean;
  /** Where a key that is given twice is no error, its last value counts. */
  lastOfTwoCounts?: boolean;
  /** Which characters keys and values may have; CHARACTERS by default. */
  characters?: RegExp;
  fault(violation: TagViolation): Error;
}

export interface Tagging {
  /** What a resource has once these are added. Throws the service's fault. */
  add(held: Tags, given: GivenTags, tagger?: Tagger): Record<string, string>;
  /** What a resource has once these are removed; keys that it does not have are passed over. Throws the service's fault. */
  remove(held: Tags, keys: readonly string[] | undefined, tagger?: Tagger): Record<string, string>;
}

/** As the tagging guide of AWS lists them: letters, digits and spaces of any script, and `_ . : / = + - @`. */
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
export const LONGEST_KEY = 128;
export const LONGEST_VALUE = 256;

/** AWS: in any mixture of cases. */
export const isReserved = (key: string): boolean => key.slice(0, 4).toLowerCase() === 'aws:';

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
      // A map, because `__proto__` may be a key.
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

/** As answers list them. */
export const listTags = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/**
 * What is wrong, for services of which no wording is known. AWS: the sentence about reserved keys is CloudFormation's,
 * Systems Manager's and others', in public reports of refused requests; the other sentences are our own.
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

/** As AWS counts lengths: characters, not halves of them. */
const lengthOf = (text: string): number => (text.length > LONGEST_KEY ? [...text].length : text.length);

function pairsOf(given: GivenTags): [key: string, value: string][] {
  if (!isList(given)) return Object.entries(given ?? {});
  return given.map(({ Key = '', Value = '' }) => [Key, Value]);
}

const isList = (given: GivenTags): given is readonly GivenTag[] => Array.isArray(given);
