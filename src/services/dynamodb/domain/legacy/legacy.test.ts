import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GivenValue, Item } from '../values.ts';
import { legacyProjection } from './attributes-to-get.ts';
import { type ExpectedInput, legacyCondition, legacyFilter } from './conditions.ts';
import { type AttributeUpdateInput, legacyUpdate } from './updates.ts';

const item: Item = {
  n: { N: '2' },
  s: { S: 'hello' },
  set: { NS: ['2', '4'] },
  list: { L: [{ N: '2' }] },
  flag: { BOOL: true },
};
const invalid = 'One or more parameter values were invalid: ';

describe('a comparison', () => {
  const holds = (name: string, ComparisonOperator: string, ...AttributeValueList: GivenValue[]) =>
    legacyFilter({ [name]: { ComparisonOperator, AttributeValueList } }, undefined)!.holds(item);

  it('holds by its operator', () => {
    assert.ok(holds('n', 'EQ', { N: '2.0' }));
    assert.ok(holds('set', 'EQ', { NS: ['4', '2'] }));
    assert.ok(holds('flag', 'EQ', { BOOL: true }));
    assert.ok(holds('n', 'NE', { S: '2' }));
    assert.ok(holds('absent', 'NE', { S: '2' }));
    assert.ok(holds('n', 'IN', { N: '1' }, { N: '2' }));
    assert.ok(!holds('set', 'IN', { N: '2' }));
    assert.ok(holds('n', 'LE', { N: '2' }));
    assert.ok(!holds('n', 'LT', { N: '2' }));
    assert.ok(holds('n', 'GE', { N: '2' }));
    assert.ok(!holds('n', 'GT', { S: '1' }));
    assert.ok(holds('n', 'BETWEEN', { N: '1' }, { N: '2' }));
    assert.ok(holds('n', 'NOT_NULL'));
    assert.ok(holds('absent', 'NULL'));
    assert.ok(holds('s', 'CONTAINS', { S: 'ell' }));
    assert.ok(holds('set', 'CONTAINS', { N: '4' }));
    assert.ok(holds('list', 'CONTAINS', { N: '2' }));
    assert.ok(holds('list', 'NOT_CONTAINS', { N: '3' }));
    assert.ok(holds('s', 'NOT_CONTAINS', { N: '1' }));
    assert.ok(!holds('absent', 'NOT_CONTAINS', { N: '1' }));
    assert.ok(holds('s', 'BEGINS_WITH', { S: 'he' }));
  });

  // What AWS answered to dynalite's tests.
  it('is refused for its values', () => {
    const refused: [operator: string, values: GivenValue[], message: string][] = [
      ['EQ', [], `${invalid}Invalid number of argument(s) for the EQ ComparisonOperator`],
      ['NULL', [{ S: 'a' }], `${invalid}Invalid number of argument(s) for the NULL ComparisonOperator`],
      ['IN', [], `${invalid}Invalid number of argument(s) for the IN ComparisonOperator`],
      ['BETWEEN', [{ N: '1' }], `${invalid}Invalid number of argument(s) for the BETWEEN ComparisonOperator`],
      [
        'IN',
        [{ N: '1' }, { S: 'a' }],
        `${invalid}AttributeValues inside AttributeValueList must be of same type`,
      ],
      ['LT', [{ BOOL: true }], `${invalid}ComparisonOperator LT is not valid for BOOL AttributeValue type`],
      ['IN', [{ L: [] }], `${invalid}ComparisonOperator IN is not valid for L AttributeValue type`],
      [
        'CONTAINS',
        [{ SS: ['a'] }],
        `${invalid}ComparisonOperator CONTAINS is not valid for SS AttributeValue type`,
      ],
      [
        'BEGINS_WITH',
        [{ N: '1' }],
        `${invalid}ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type`,
      ],
      ['EQ', [{ N: 'x' }], 'The parameter cannot be converted to a numeric value: x'],
      [
        'BETWEEN',
        [{ N: '2' }, { N: '1' }],
        'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
      ],
    ];
    for (const [operator, values, message] of refused) {
      assert.throws(() => holds('n', operator, ...values), { name: 'ValidationException', message });
    }
  });
});

describe('what is expected', () => {
  const expected = (given: Record<string, ExpectedInput>, operator?: string) =>
    legacyCondition(given, operator);

  it('holds for a value, its absence or a comparison, all or any of them', () => {
    assert.equal(expected({}), undefined);
    assert.equal(legacyCondition(undefined, undefined), undefined);
    assert.ok(expected({ n: { Value: { N: '2' } } })!.holds(item));
    assert.ok(!expected({ absent: { Value: { N: '2' } } })!.holds(item));
    assert.ok(expected({ n: { Exists: true, Value: { N: '2' } } })!.holds(item));
    assert.ok(expected({ absent: { Exists: false } })!.holds(item));
    assert.ok(expected({ absent: { Exists: false } })!.holds(undefined));
    assert.ok(expected({ n: { ComparisonOperator: 'GT', Value: { N: '1' } } })!.holds(item));
    const two = { n: { Value: { N: '2' } }, s: { Exists: false } };
    assert.ok(!expected(two)!.holds(item));
    assert.ok(!expected(two, 'AND')!.holds(item));
    assert.ok(expected(two, 'OR')!.holds(item));
  });

  it('is refused in AWS’s words', () => {
    const refused: [given: ExpectedInput, message: string][] = [
      [{}, 'Value must be provided when Exists is null for Attribute: a'],
      [{ Exists: true }, 'Value must be provided when Exists is true for Attribute: a'],
      [{ Exists: false, Value: { S: 'a' } }, 'Value cannot be used when Exists is false for Attribute: a'],
      [
        { Value: { S: 'a' }, AttributeValueList: [{ S: 'a' }] },
        'Value and AttributeValueList cannot be used together for Attribute: a',
      ],
      [
        { Exists: true, ComparisonOperator: 'EQ' },
        'Exists and ComparisonOperator cannot be used together for Attribute: a',
      ],
      [
        { ComparisonOperator: 'EQ' },
        'Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a',
      ],
      [
        { AttributeValueList: [{ S: 'a' }] },
        'AttributeValueList can only be used with a ComparisonOperator for Attribute: a',
      ],
    ];
    for (const [given, message] of refused) {
      assert.throws(() => expected({ a: given }), {
        name: 'ValidationException',
        message: invalid + message,
      });
    }
    assert.throws(() => expected({}, 'OR'), {
      message: 'ConditionalOperator cannot be used without Filter or Expected',
    });
    assert.throws(() => expected({ a: { Exists: false } }, 'OR'), {
      message: 'ConditionalOperator can only be used when Filter or Expected has two or more elements',
    });
  });
});

describe('updates of attributes', () => {
  const after = (given: Record<string, AttributeUpdateInput>) => legacyUpdate(given).applyTo(item);

  it('put, add and delete', () => {
    assert.deepEqual(after({}), item);
    assert.ok(legacyUpdate(undefined).createsItem);
    const { s: _, ...rest } = item;
    assert.deepEqual(
      after({
        q: { Value: { N: '1' } },
        n: { Action: 'ADD', Value: { N: '3' } },
        set: { Action: 'DELETE', Value: { NS: ['2', '9'] } },
        list: { Action: 'ADD', Value: { L: [{ S: 'x' }] } },
        s: { Action: 'DELETE' },
        flag: { Action: 'PUT', Value: { BOOL: false } },
      }),
      {
        ...rest,
        q: { N: '1' },
        n: { N: '5' },
        set: { NS: ['4'] },
        list: { L: [{ N: '2' }, { S: 'x' }] },
        flag: { BOOL: false },
      },
    );
    assert.equal(legacyUpdate({ s: { Action: 'DELETE' } }).createsItem, false);
  });

  it('are refused in AWS’s words', () => {
    const refused: [AttributeUpdateInput, string][] = [
      [{}, `${invalid}Only DELETE action is allowed when no attribute value is specified`],
      [{ Action: 'ADD' }, `${invalid}Only DELETE action is allowed when no attribute value is specified`],
      [
        { Action: 'DELETE', Value: { S: 'a' } },
        `${invalid}DELETE action with value is not supported for the type S`,
      ],
      [{ Action: 'ADD', Value: { M: {} } }, `${invalid}ADD action is not supported for the type M`],
    ];
    for (const [given, message] of refused) {
      assert.throws(() => legacyUpdate({ a: given }), { name: 'ValidationException', message });
    }
    const mismatches: Record<string, AttributeUpdateInput>[] = [
      { s: { Action: 'ADD', Value: { N: '1' } } },
      { set: { Action: 'DELETE', Value: { SS: ['1'] } } },
      { n: { Action: 'ADD', Value: { NS: ['1'] } } },
    ];
    for (const given of mismatches) {
      assert.throws(() => after(given), { message: 'Type mismatch for attribute to update' });
    }
  });
});

it('attributes to get are whole attributes, each once', () => {
  assert.deepEqual(legacyProjection(['n', 'absent', 'toString']).of(item), { n: { N: '2' } });
  assert.throws(() => legacyProjection(['a', 'b', 'a']), {
    message: `${invalid}Duplicate value in attribute name: a`,
  });
});
