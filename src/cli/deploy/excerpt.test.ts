import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerpt, withExcerpts } from './excerpt.ts';

const template = { file: 'a.yaml', source: 'Resources:\n\tA:\n  B: 1\r\n' };

test('an excerpt has the line and a mark below it', () => {
  assert.equal(
    excerpt({ ...template, place: { line: 3, column: 6 } }),
    '  a.yaml:3:6\n    3 |   B: 1\n      |      ^',
  );
  assert.equal(
    excerpt({ ...template, place: { line: 2, column: 2 } }),
    '  a.yaml:2:2\n    2 |  A:\n      |  ^',
  );
  assert.equal(
    excerpt({ ...template, place: { line: 90, column: 1 } }),
    '  a.yaml:90:1\n    90 | \n       | ^',
  );
});

test('an excerpt of a long line shows the part around the place', () => {
  const source = `${'a'.repeat(500)}X${'b'.repeat(500)}`;
  const [, line, mark] = excerpt({ file: 'a', source, place: { line: 1, column: 501 } }).split('\n');
  assert.ok(line!.length < 140);
  assert.equal(line![mark!.indexOf('^')], 'X');
});

test('each sentence gets its own excerpt if it has a place', () => {
  const message = 'First. (line 1, column 1)\nSecond.\nThird. (line 3, column 3)';
  assert.equal(
    withExcerpts(message, template),
    [
      ...['First. (line 1, column 1)', '  a.yaml:1:1', '    1 | Resources:', '      | ^', 'Second.'],
      ...['Third. (line 3, column 3)', '  a.yaml:3:3', '    3 |   B: 1', '      |   ^'],
    ].join('\n'),
  );
  assert.equal(withExcerpts(message, undefined), message);
});
