import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { residentBytes } from './memory.ts';

const MEBIBYTE = 2 ** 20;

test('the private memory of a process and its children is measured', {
  skip: process.platform !== 'linux' && 'needs Linux',
}, async (t) => {
  assert.equal(residentBytes(2 ** 22), 0, 'nobody');
  // The shell waits for a child, which fills 64 MiB and prints a line.
  const code = `const held = Buffer.alloc(${64 * MEBIBYTE}, 1); console.log('full'); setInterval(() => held, 1000)`;
  const shell = spawn('/bin/sh', ['-c', `"$0" -e "$1"; exit $?`, process.execPath, code], { detached: true });
  t.after(() => process.kill(-shell.pid!, 'SIGKILL'));
  await once(shell.stdout, 'data');
  const held = residentBytes(shell.pid!);
  assert.ok(held > 64 * MEBIBYTE, `${held}`);
  // The program file of Node is larger and is not counted.
  assert.ok(held < 64 * MEBIBYTE + 45 * MEBIBYTE, `${held}`);
});
