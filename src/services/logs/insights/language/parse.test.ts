// Tests the parser: what it accepts, and the errors with their places.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkedQuery } from '../run-query.ts';
import { MalformedQuery } from './malformed.ts';
import { parseQuery } from './parse.ts';

test('queries of AWS’s guide are accepted', () => {
  const queries = [
    '',
    'fields @timestamp, @message | sort @timestamp desc | limit 25',
    'stats count(*) by bin(5m)',
    'filter @type = "REPORT"\n| stats max(@memorySize / 1000 / 1000) as provisonedMemoryMB,\n  pct(@maxMemoryUsed / 1000 / 1000, 99.9) as most',
    'filter statusCode like /2\\d\\d/ | stats avg(responseLatency) as latency by httpMethod, resourcePath',
    'FIELDS @message | PARSE @message "* [*] *" as loggingTime, loggingType, loggingMessage | FILTER loggingType IN ["ERROR", "INFO"] | DISPLAY loggingMessage, loggingType = "ERROR" as isError',
    'fields f1, f2, f3 | filter f1 like /(?i)Exception/ # case-insensitive\n| sort f2 asc, f3 desc',
    'stats count(*) as exceptionCount by bin(5m) | sort exceptionCount desc | limit 3',
    'fields @timestamp, @message | filter not (range >= 3000 and accountId = 123456789012)',
    'parse @message /user=(?<user2>.*?), method:(?<method2>.*?), latency := (?<latency2>.*?)/ | stats avg(latency2) by @method2, @user2',
    'dedup server | sort severity desc',
    'fields jsonParse(@message) as json_message | filter json_message.`status-code` = 200',
    'SOURCE logGroups(namePrefix: ["/aws/lambda/", "b"], class: "STANDARD") | fields @message',
    "SOURCE 'a' | SOURCE 'b' | limit 1",
    'stats sum(a) / count(*) by bin(1h) as hour',
    'filter a = -1 and b = .5',
  ];
  for (const query of queries) assert.ok(parseQuery(query), query);
});

test('errors say what is wrong and where', () => {
  const table: [query: string, message: string | RegExp, start: number, end: number][] = [
    ['feilds @message', 'unexpected symbol found feilds at line 1 and position 0', 0, 6],
    ['fields @message |', 'unexpected symbol found <EOF> at line 1 and position 17', 17, 17],
    ['fields @message\n| sort ,', 'unexpected symbol found , at line 2 and position 7', 23, 24],
    ['fields a b', 'unexpected symbol found b at line 1 and position 9', 9, 10],
    ['filter a = "open', 'unexpected symbol found " at line 1 and position 11', 11, 12],
    ['filter a & b', 'unexpected symbol found & at line 1 and position 9', 9, 10],
    ['limit x', 'unexpected symbol found x at line 1 and position 6', 6, 7],
    ['limit 0', /unexpected symbol found 0/, 6, 7],
    ['filter (a = 1', /unexpected symbol found <EOF>/, 13, 13],
    ['fields a as x | fields b as x', 'Ephemeral field is already defined: x', 16, 29],
    ['fields nope(a)', 'Unknown function: nope', 7, 11],
    ['fields strlen()', 'Invalid number of arguments for function strlen: 0', 7, 15],
    ['stats sum(*)', /unexpected symbol found \*/, 10, 11],
    ['filter a like /(/', /Invalid regular expression/, 14, 17],
    ['filter a like /(?x)b/', /does not know the flags/, 14, 21],
    ['parse @message "a=*" as x, y', /must be equal: 1 and 2/, 0, 28],
    ['parse @message /a/', /must have a named group/, 0, 18],
    ['fields a | pattern @message', 'Millpond does not run the command pattern.', 11, 18],
    ['anomaly', 'Millpond does not run the command anomaly.', 0, 7],
    ['filter a like /open', 'unexpected symbol found / at line 1 and position 14', 14, 15],
    [`filter ${'('.repeat(2000)}`, 'The expression is nested too deeply.', 108, 109],
  ];
  for (const [query, message, start, end] of table) {
    assert.throws(
      () => parseQuery(query),
      (error: unknown) => {
        assert.ok(error instanceof MalformedQuery, query);
        if (typeof message === 'string') assert.equal(error.message, message);
        else assert.match(error.message, message);
        assert.deepEqual([error.place.start, error.place.end], [start, end], query);
        return true;
      },
    );
  }
});

test('no query overflows the stack or takes long to read', () => {
  const long = (part: string, count: number) => part.repeat(count).slice(0, 9_900);
  const queries = [
    `fields ${long('1+', 5000)}1`,
    `filter ${long('not ', 3000)}a`,
    `fields ${long('-', 9900)}1`,
    `fields ${long('- ', 5000)}1`,
    `fields ${long('abs(', 3000)}`,
    `fields ${long('a[', 5000)}`,
    `fields a${long('[0]', 3300)}`,
    `filter a ${long('in [] ', 1600)}`,
    `fields ${long('(/', 5000)}`,
    `fields ${'('.repeat(50)}${long('1+', 4000)}1`,
    `filter a in ${long('[', 9900)}`,
    long('limit 1|', 2000),
    long('fields a|', 2000),
    long('"', 9900),
    long('`', 9900),
    `filter a like /${long('(', 9900)}/`,
    `fields ${long('a.', 5000)}b`,
    long('/', 9900),
  ];
  for (const query of queries) {
    try {
      checkedQuery(query);
    } catch (error) {
      assert.ok(error instanceof MalformedQuery, `${query.slice(0, 40)}: ${error}`);
    }
  }
  // An expression that would take forever even on an empty text is read, and not run.
  assert.ok(checkedQuery('parse @message /(|){60}y(?<a>b)[(](c)/ as x, y, z'));
});
