import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type GivenTags, listTags, type TagRules, type TagViolation, taggingBy } from './tags.ts';

class Refused extends Error {
  readonly violation: TagViolation;
  constructor(violation: TagViolation) {
    super(violation.rule);
    this.violation = violation;
  }
}

const rulesOf = (more: Partial<TagRules> = {}): TagRules => ({
  most: 3,
  fault: (violation) => new Refused(violation),
  ...more,
});
const tags = taggingBy(rulesOf());

function outcome(work: () => Record<string, string>): Record<string, string> | string {
  try {
    return work();
  } catch (error) {
    assert.ok(error instanceof Refused);
    return error.violation.rule;
  }
}

it('adds tags, and changes the values of existing ones', () => {
  assert.deepEqual(tags.add({ a: '1', b: '2' }, [{ Key: 'b', Value: '3' }, { Key: 'c' }]), {
    a: '1',
    b: '3',
    c: '',
  });
  assert.deepEqual(tags.add({ a: '1' }, { B: '2' }), { a: '1', B: '2' });
  assert.deepEqual(tags.add({ a: '1' }, undefined), { a: '1' });
  assert.deepEqual(listTags({ a: '1' }), [{ Key: 'a', Value: '1' }]);
});

it('any property name of JavaScript may be a key', () => {
  const given = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Record<string, string>;
  const added = tags.add({}, given);
  assert.deepEqual(Object.entries(added), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
  const more = tags.add(added, [{ Key: 'toString', Value: 'z' }]);
  assert.deepEqual(listTags(more).length, 3);
  assert.deepEqual(Object.keys(tags.remove(more, ['__proto__'])), ['constructor', 'toString']);
});

it('reports what is wrong with a tag', () => {
  const refused: [given: GivenTags, rule: string][] = [
    [[{ Key: '' }], 'key length'],
    [[{ Value: 'no key' }], 'key length'],
    [[{ Key: 'k'.repeat(129) }], 'key length'],
    [[{ Key: 'a\nb' }], 'key characters'],
    [[{ Key: 'a', Value: 'v'.repeat(257) }], 'value length'],
    [[{ Key: 'a', Value: '\u0000' }], 'value characters'],
    [[{ Key: 'aws:x' }], 'reserved'],
    [{ 'AwS:x': '' }, 'reserved'],
    [[{ Key: 'a' }, { Key: 'a' }], 'given twice'],
    [{ a: '', b: '', c: '', d: '' }, 'too many'],
  ];
  for (const [given, rule] of refused)
    assert.equal(
      outcome(() => tags.add({}, given)),
      rule,
      rule,
    );
});

it('counts characters, not UTF-16 units', () => {
  const longest = { Key: '𝒌'.repeat(128), Value: '𝒗'.repeat(256) };
  assert.equal(Object.keys(tags.add({}, [longest])).length, 1);
  assert.equal(
    outcome(() => tags.add({}, [{ Key: `${longest.Key}𝒌` }])),
    'key length',
  );
});

it('AWS’s own tags do not count towards the limit, and users cannot change them', () => {
  const held = tags.add({}, { 'aws:a': '', 'aws:b': '', a: '', b: '' }, { isService: true });
  assert.equal(Object.keys(tags.add(held, { c: '' })).length, 5);
  assert.equal(
    outcome(() => tags.remove(held, ['aws:a'])),
    'reserved',
  );
  assert.deepEqual(Object.keys(tags.remove(held, ['aws:a'], { isService: true })), ['aws:b', 'a', 'b']);
});

it('when keys ignore case, a key replaces one in another letter case', () => {
  const folding = taggingBy(rulesOf({ keysIgnoreCase: true }));
  assert.deepEqual(folding.add({ Name: '1' }, { name: '2' }), { name: '2' });
  assert.deepEqual(folding.remove({ Name: '1' }, ['NAME']), {});
  assert.equal(
    outcome(() => folding.add({}, { a: '', A: '' })),
    'given twice',
  );
});

it('a key may be given twice when the last value wins', () => {
  const lenient = taggingBy(rulesOf({ lastOfTwoCounts: true }));
  assert.deepEqual(
    lenient.add({}, [
      { Key: 'a', Value: '1' },
      { Key: 'a', Value: '2' },
    ]),
    { a: '2' },
  );
});
