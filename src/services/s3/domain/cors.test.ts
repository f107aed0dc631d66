// A bucket's CORS rules.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CorsRules, checkCors, corsHeaders } from './cors.ts';

const rules: CorsRules = {
  CORSRules: [
    {
      AllowedOrigins: ['https://app.example', 'http://*.dev.example'],
      AllowedMethods: ['PUT', 'GET'],
      AllowedHeaders: ['content-*', 'X-Amz-Date'],
      ExposeHeaders: ['ETag', 'x-amz-version-id'],
      MaxAgeSeconds: 60,
    },
    { AllowedOrigins: ['*'], AllowedMethods: ['GET'] },
  ],
};

test('the first rule that matches decides', () => {
  assert.deepEqual(corsHeaders(rules, { origin: 'https://app.example', method: 'PUT' }), {
    'access-control-allow-origin': 'https://app.example',
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'PUT, GET',
    'access-control-expose-headers': 'ETag, x-amz-version-id',
    'access-control-max-age': '60',
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  });
  const open = corsHeaders(rules, { origin: 'null', method: 'GET' });
  assert.equal(open?.['access-control-allow-origin'], '*');
  assert.equal(open?.['access-control-allow-credentials'], undefined);
});

test('origin, method and every header must match', () => {
  const fits = (origin: string, method: string, ...headers: string[]) =>
    corsHeaders(rules, { origin, method, headers }) !== undefined;
  assert.ok(fits('http://a.dev.example', 'PUT'));
  assert.ok(fits('http://a.b.dev.example', 'PUT', 'content-type', 'content-md5', 'x-amz-date'));
  assert.ok(!fits('http://dev.example', 'PUT'));
  assert.ok(!fits('https://a.dev.example', 'PUT'));
  assert.ok(!fits('https://app.example.evil.example', 'PUT'));
  assert.ok(!fits('https://app.example', 'DELETE'));
  assert.ok(!fits('https://app.example', 'PUT', 'content-type', 'x-amz-acl'));
  assert.ok(!fits('https://evil.example', 'GET', 'x-amz-date'));
});

test('invalid rules are refused', () => {
  const rule = { AllowedOrigins: ['*'], AllowedMethods: ['GET'] };
  const refused: [CorsRules, string, RegExp][] = [
    [{}, 'MalformedXML', /./],
    [{ CORSRules: [{ ...rule, AllowedMethods: [] }] }, 'MalformedXML', /./],
    [{ CORSRules: Array.from({ length: 101 }, () => rule) }, 'MalformedXML', /./],
    [{ CORSRules: [{ ...rule, AllowedMethods: ['PATCH'] }] }, 'InvalidRequest', /method is PATCH$/],
    [{ CORSRules: [{ ...rule, AllowedOrigins: ['*.*'] }] }, 'InvalidRequest', /^AllowedOrigin "\*\.\*"/],
    [{ CORSRules: [{ ...rule, AllowedHeaders: ['**'] }] }, 'InvalidRequest', /^AllowedHeader/],
    [{ CORSRules: [{ ...rule, ExposeHeaders: ['*'] }] }, 'InvalidRequest', /^ExposeHeader "\*" contains/],
  ];
  for (const [given, name, message] of refused) assert.throws(() => checkCors(given), { name, message });
  checkCors(rules);
});
