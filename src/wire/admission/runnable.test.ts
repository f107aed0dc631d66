// The responses that a browser gets in a sandbox.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRunnable, mayRun, SANDBOX } from './runnable.ts';

test('types that a browser runs are runnable, and types that it only shows or saves are not', () => {
  const runnable = [
    ...[
      'text/html',
      'TEXT/HTML; charset=utf-8',
      ' text/html',
      'application/xhtml+xml',
      'text/xml',
      'application/xml',
    ],
    ...[
      'image/svg+xml',
      'Image/SVG+XML;x=y',
      'application/rss+xml',
      'multipart/x-mixed-replace',
      'message/rfc822',
    ],
    ...['', 'nonsense', '*/*', 'unknown/unknown', 'application/x-unknown', 'image/', 'image/png, text/html'],
    ...['text/vtt', 'application/vnd.ms-excel', 'text/xsl', 'application/mathml+xml', undefined],
  ];
  const inert = [
    ...[
      'image/png',
      'image/jpeg',
      'IMAGE/PNG; a=b',
      'audio/mpeg',
      'video/mp4',
      'font/woff2',
      'application/pdf',
    ],
    ...['text/plain', 'text/css', 'text/csv', 'text/javascript', 'application/javascript; charset=utf-8'],
    ...['application/json', 'application/octet-stream', 'binary/octet-stream', 'application/zip'],
  ];
  for (const type of runnable) assert.equal(isRunnable(type), true, type);
  for (const type of inert) assert.equal(isRunnable(type), false, type);
});

test('only requests of browsers may run a response', () => {
  assert.equal(mayRun({ 'sec-fetch-site': 'none' }), true);
  assert.equal(mayRun({ 'sec-fetch-site': 'cross-site', 'user-agent': 'any' }), true);
  assert.equal(mayRun({ 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' }), true);
  assert.equal(mayRun({ 'user-agent': 'aws-sdk-js/3.1127.0', accept: '*/*' }), false);
  assert.equal(mayRun({ 'sec-fetch-mode': 'cors', 'user-agent': 'node' }), false);
});

test('the sandbox has a separate origin', () => {
  assert.ok(!SANDBOX.includes('allow-same-origin'));
});
