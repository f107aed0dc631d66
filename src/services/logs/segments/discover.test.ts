// Tests which fields are discovered in an event, in a table.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discover } from './discover.ts';

const ID = '8f507cfc-1234-4abc-8def-0123456789ab';

const fieldsOf = (message: string, isLambda: boolean): Record<string, unknown> => {
  const found: Record<string, unknown> = {};
  discover(message, isLambda, (name, value) => {
    found[name] ??= value;
  });
  return found;
};

test('fields of the table', () => {
  const table: [message: string, isLambda: boolean, fields: Record<string, unknown>][] = [
    ['plain text', true, {}],
    [
      '{"a":1,"b":{"c":"x","d":[true,false,null,{"e":2}]}}',
      false,
      { a: 1, 'b.c': 'x', 'b.d.0': 1, 'b.d.1': 0, 'b.d.3.e': 2 },
    ],
    ['  {"a":1}\n', false, { a: 1 }],
    ['[1,2]', false, {}],
    ['text {"a":1}', false, {}],
    ['text {"a":"}"} more {"b":2}', true, { a: '}' }],
    ['{"a":1} more', true, { a: 1 }],
    ['{"open":', true, {}],
    [`2026-01-15T12:00:00.000Z\t${ID}\tINFO\t{"a":1}\n`, true, { '@requestId': ID, a: 1 }],
    [`START RequestId: ${ID} Version: $LATEST`, true, { '@type': 'START', '@requestId': ID }],
    [`END RequestId: ${ID}`, true, { '@type': 'END', '@requestId': ID }],
    [`END RequestId: ${ID}`, false, {}],
    [
      `REPORT RequestId: ${ID}\tDuration: 3.30 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 70 MB\tInit Duration: 150.25 ms\t\nXRAY TraceId: 1-5e-0\tSegmentId: 4d\tSampled: true\t\n`,
      true,
      {
        ...{ '@type': 'REPORT', '@requestId': ID, '@duration': 3.3, '@billedDuration': 4 },
        ...{ '@memorySize': 128_000_000, '@maxMemoryUsed': 70_000_000, '@initDuration': 150.25 },
        ...{ '@xrayTraceId': '1-5e-0', '@xraySegmentId': '4d' },
      },
    ],
  ];
  for (const [message, isLambda, fields] of table)
    assert.deepEqual(fieldsOf(message, isLambda), fields, message);
});

test('an event has at most 200 fields, and none too deep', () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}`, index]));
  assert.equal(Object.keys(fieldsOf(JSON.stringify(many), false)).length, 200);
  const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
  assert.deepEqual(fieldsOf(deep, false), {});
});
