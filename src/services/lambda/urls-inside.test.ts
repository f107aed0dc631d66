import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionUrlIn, functionUrlOf, textInside } from './urls-inside.ts';

const NETWORKS = { hostUrl: () => 'http://127.0.0.1:4566', insideUrl: () => 'http://169.254.169.253:4566' };

test('variables with URLs of this host get those of the function’s network', () => {
  const table: [string, string][] = [
    ['http://127.0.0.1:4566', 'http://169.254.169.253:4566'],
    ['http://127.0.0.1:4566/000000000000/q', 'http://169.254.169.253:4566/000000000000/q'],
    ['http://localhost:4566/', 'http://169.254.169.253:4566/'],
    ['a=http://127.0.0.1:4566,b=x', 'a=http://169.254.169.253:4566,b=x'],
    ['http://127.0.0.1:40123/path?q', 'http://169.254.169.253:4566/_lambda-url/40123/path?q'],
    ['http://127.0.0.1:45660', 'http://127.0.0.1:45660'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://127.0.0.2:4566', 'http://127.0.0.2:4566'],
    ['https://127.0.0.1:4566', 'https://127.0.0.1:4566'],
  ];
  for (const [text, expected] of table) {
    assert.equal(
      textInside(text, NETWORKS, (port) => port === 40123),
      expected,
    );
  }
});

test('a function URL below the API’s leads back to its port and path', () => {
  const base = NETWORKS.insideUrl();
  const pathOf = (port: number) => functionUrlOf(port, base).slice(base.length);
  assert.deepEqual(functionUrlIn(pathOf(40123)), { port: 40123, rest: '/' });
  assert.deepEqual(functionUrlIn(`${pathOf(40123)}a/b?c`), { port: 40123, rest: '/a/b?c' });
  assert.deepEqual(functionUrlIn('/_lambda-url/40123?c'), { port: 40123, rest: '/?c' });
  assert.deepEqual(functionUrlIn('/_lambda-url/40123'), { port: 40123, rest: '/' });
  assert.equal(functionUrlIn('/_lambda-url/x'), undefined);
  assert.equal(functionUrlIn('/bucket/_lambda-url/1/'), undefined);
});
