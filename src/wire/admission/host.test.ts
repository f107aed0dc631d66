// The Host headers that the API accepts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHostRule, hostNameOf } from './host.ts';

const rule = createHostRule({
  allowedHosts: ['millpond.example.com', '.wide.example'],
  isOwnName: (name) => name.endsWith('.hosted.example') || name === 'ip-10-0-0-12.ec2.internal',
  serviceOf: (name) => (name === 'www.shop.example' ? 's3' : undefined),
});

const OWN = [
  ...['127.0.0.1', '127.0.0.1:4566', '127.9.9.9:1', '0.0.0.0:4566', '10.1.2.3', '[::1]:4566', '[::1]'],
  ...['[::ffff:127.0.0.1]:4566', '127.1:4566', '2130706433', '0x7f.1', '0x7f000001:80', '1.2.3.4.5'],
  ...[
    'localhost',
    'localhost:4566',
    'LOCALHOST:4566',
    'localhost.',
    'localhost.:4566',
    'localhost.localdomain',
  ],
  ...['s3.localhost:4566', 'bucket.s3.localhost', 'a.b.c.localhost.:1', 'ip6-localhost', 'ip6-loopback:4566'],
  ...['sts.amazonaws.com', 'STS.us-east-1.amazonaws.com:443', 'bucket.with.dots.s3.eu-west-1.amazonaws.com'],
  ...['demo.abc.ng.0001.use1.cache.amazonaws.com', 's3.cn-north-1.amazonaws.com.cn'],
  ...[
    'host.docker.internal:4566',
    'host.containers.internal',
    'millpond.example.com',
    'Millpond.Example.Com.:80',
    'wide.example',
    's3.wide.example:4566',
  ],
  ...['api.hosted.example:4566', 'ip-10-0-0-12.ec2.internal'],
];
const FOREIGN = [
  ...[
    'evil.example',
    'evil.example:4566',
    'localhost.evil.example',
    'notlocalhost',
    'localhost.com',
    'xlocalhost',
  ],
  ...[
    'amazonaws.com',
    'evilamazonaws.com',
    'sts.amazonaws.com.evil.example',
    'x.amazonaws.com.evil',
    'docker.internal',
  ],
  ...[
    '127.0.0.1.evil.example',
    '127.0.0.1.nip.io',
    '1e3',
    'a.0x7g',
    '0x7g',
    'a1',
    'www.example.com',
    'hosted.example',
  ],
  ...[
    'sub.millpond.example.com',
    'awide.example',
    'wide.example.evil',
    'sub.www.shop.example',
    'millpond',
    'host',
    'x.host.docker.internal',
  ],
];
const NONE = [
  ...[
    '',
    ' ',
    '.',
    ':4566',
    '..',
    'local host',
    'localhost/',
    'localhost:x',
    'localhost:123456',
    'localhost:80:80',
  ],
  ...[
    'user@localhost',
    '[::1',
    '[]',
    '[::1]x',
    '[localhost]',
    'localhost,evil.example',
    'localhost, localhost',
  ],
  ...['lоcalhost', `${'a'.repeat(300)}.localhost`, `${'a.'.repeat(130)}localhost`],
];

test('own names, IP addresses and AWS’s names are accepted, and others are foreign', () => {
  for (const host of OWN) assert.equal(rule(host, '1.1'), 'own', host);
  for (const host of [...FOREIGN, ...NONE]) assert.equal(rule(host, '1.1'), 'foreign', host);
  for (const host of ['www.shop.example', 'WWW.shop.example.:4566'])
    assert.deepEqual(rule(host, '1.1'), { service: 's3', name: 'www.shop.example' });
});

test('only HTTP/1.0 may omit the Host header', () => {
  assert.equal(rule(undefined, '1.0'), 'own');
  assert.equal(rule(undefined, '1.1'), 'foreign');
  assert.equal(rule('evil.example', '1.0'), 'foreign');
});

test('the name is read from a Host header without port, final dot and upper case', () => {
  assert.equal(hostNameOf('A.Example.:80'), 'a.example');
  assert.equal(hostNameOf('[FE80::1]:80'), '[fe80::1]');
  for (const text of NONE.filter((each) => each !== '.' && each !== '..')) {
    assert.equal(hostNameOf(text), undefined, text);
  }
});
