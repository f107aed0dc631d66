import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readUserData } from './user-data.ts';

const read = (text: string | Buffer) => {
  const { scripts, refused } = readUserData(Buffer.from(text as string));
  return { scripts: scripts.map((script) => script.toString()), refused };
};

const mime = (...parts: string[]) =>
  [
    'Content-Type: multipart/mixed; boundary="//"',
    'MIME-Version: 1.0',
    '',
    ...parts.flatMap((part) => ['--//', part]),
    '--//--',
    '',
  ].join('\n');

test('a script is run as it is', () => {
  assert.deepEqual(read('#!/bin/bash\necho a\n'), { scripts: ['#!/bin/bash\necho a\n'], refused: [] });
  assert.deepEqual(read(''), { scripts: [], refused: [] });
});

test('other formats are refused by name', () => {
  for (const format of [
    '#cloud-config',
    '#include',
    '#include-once',
    '#cloud-boothook',
    '## template: jinja',
  ]) {
    const { scripts, refused } = read(`${format}\nx: y\n`);
    assert.deepEqual(scripts, []);
    assert.match(refused[0]!, new RegExp(`format ${format} is not supported`));
  }
  assert.match(read('echo no shebang\n\u0000').refused[0]!, /Unhandled non-multipart .*'echo no shebang\?\?/);
});

test('the scripts of several parts are run in order, and the others are named', () => {
  const found = read(
    mime(
      'Content-Type: text/x-shellscript; charset="us-ascii"\n\n#!/bin/sh\necho 1',
      'Content-Type: text/cloud-config\n\n#cloud-config\nx: y',
      'content-type: text/x-shellscript\nContent-Transfer-Encoding: base64\n\nIyEvYmluL3NoCmVjaG8gMgo=',
      'Content-Type: text/plain\n\n#!/bin/sh\necho 3',
      'Content-Type: text/x-shellscript\n\nno script',
    ),
  );
  assert.deepEqual(found.scripts, ['#!/bin/sh\necho 1', '#!/bin/sh\necho 2\n', '#!/bin/sh\necho 3']);
  assert.equal(found.refused.length, 2);
  assert.match(found.refused[0]!, /text\/cloud-config is not supported/);
});

test('lines may end as in mail, and the last boundary may be missing', () => {
  const text = mime('Content-Type: text/x-shellscript\n\n#!/bin/sh\necho 1').replaceAll('\n', '\r\n');
  assert.deepEqual(read(text).scripts, ['#!/bin/sh\r\necho 1']);
  assert.deepEqual(read(text.slice(0, text.indexOf('--//--'))).scripts, ['#!/bin/sh\r\necho 1\r\n']);
});

test('hostile user data costs little and is refused', () => {
  const cases = [
    'Content-Type: multipart/mixed\n\nx',
    'Content-Type: multipart/mixed; boundary=a\n\nx',
    mime(...Array.from({ length: 5000 }, () => 'Content-Type: image/png\n\nx')),
    `Content-Type: ${'multipart/mixed; boundary=a\n\n--a\nContent-Type: '.repeat(500)}`,
    Buffer.alloc(16_384, '--a\n'),
    Buffer.concat([Buffer.from('MIME-Version: 1.0\n'), Buffer.alloc(16_000, 0xff)]),
    'Content-Type: text/x-shellscript\n__proto__: x\n\n#!',
  ];
  for (const each of cases) {
    const { scripts, refused } = readUserData(Buffer.from(each as string));
    assert.ok(scripts.length + refused.length <= 100);
  }
});
