// Tests the options, their variables and their checks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConfigFlags, flagArguments, parseConfig, refuseOwnEndpoints } from './config.ts';
import { OperationalError } from './kernel/errors.ts';

const HOME = { HOME: '/home/ada' };

test('without options the defaults apply', () => {
  assert.deepEqual(parseConfig({}, HOME), {
    dataDir: '/home/ada/.millpond',
    address: '127.0.0.1',
    port: 4566,
    region: 'us-east-1',
    domain: 'cache.amazonaws.com',
    dnsTtlSeconds: 5,
    failureDetectionMs: 2000,
    demotedGraceMs: 500,
    testFailoverQuota: false,
    keepAddressOnReplace: false,
    announceHostnames: false,
    reachHost: false,
    unknownResources: 'refuse',
    logLevel: 'info',
    allowedOrigins: [],
    allowedHosts: [],
    maxMemoryPerNodeBytes: 512 * 1024 * 1024,
    dynamodbThrottle: false,
    amiImages: {},
    logs: { groupBytes: 256 * 1024 * 1024, allBytes: 1024 * 1024 * 1024 },
    endpoints: {},
    endpointsOfItself: [],
  });
});

test('the network is one of three kinds, and its block a private /16', () => {
  assert.equal(parseConfig({ network: 'host' }, HOME).network, 'host');
  assert.equal(parseConfig({}, { ...HOME, MILLPOND_NETWORK: 'subnets' }).network, 'subnets');
  assert.throws(
    () => parseConfig({ network: 'bridge' }, HOME),
    /--network must be loopback, subnets or host/,
  );
  const env = { ...HOME, MILLPOND_NETWORK_BLOCK: '10.83.0.0/16' };
  assert.equal(parseConfig({}, env).networkBlock, '10.83');
  assert.throws(
    () => parseConfig({ networkBlock: '8.8.0.0/16' }, HOME),
    /--network-block must be a \/16 of a private range, such as 10\.83\.0\.0\/16, not "8\.8\.0\.0\/16"/,
  );
});

test('a flag wins over its variable', () => {
  const env = { ...HOME, MILLPOND_PORT: '5000', MILLPOND_DNS_TTL: '1', MILLPOND_TEST_FAILOVER_QUOTA: '1' };
  const config = parseConfig({ port: '6000', keepAddressOnReplace: true, dataDir: '/data/' }, env);
  assert.deepEqual([config.port, config.dnsTtlSeconds, config.testFailoverQuota], [6000, 1, true]);
  assert.deepEqual([config.keepAddressOnReplace, config.dataDir], [true, '/data']);
});

test('other spellings of values are accepted', () => {
  const config = parseConfig(
    { domain: 'Cache.Test.', maxMemoryPerNode: '2GB', region: 'ap-northeast-1' },
    HOME,
  );
  assert.deepEqual(
    [config.domain, config.maxMemoryPerNodeBytes, config.region],
    ['cache.test', 2 ** 31, 'ap-northeast-1'],
  );
});

test('invalid values are refused with the name of the flag or variable', () => {
  const cases: [flags: ConfigFlags, env: NodeJS.ProcessEnv, named: string][] = [
    [{ port: '-1' }, {}, '--port'],
    [{ port: '1e3' }, {}, '--port'],
    [{ port: '' }, {}, '--port'],
    [{}, { MILLPOND_PORT: '65536' }, 'MILLPOND_PORT'],
    [{ address: '0.0.0.0' }, {}, '--address'],
    [{ address: '127.0.0.256' }, {}, '--address'],
    [{ region: 'the moon' }, {}, '--region'],
    [{ domain: 'a..b' }, {}, '--domain'],
    [{ domain: `${'a'.repeat(64)}.b` }, {}, '--domain'],
    [{ dnsTtl: '5s' }, {}, '--dns-ttl'],
    [{ failureDetectionMs: '10' }, {}, '--failure-detection-ms'],
    [{ demotedGraceMs: '60001' }, {}, '--demoted-grace-ms'],
    [{ logLevel: 'loud' }, {}, '--log-level'],
    [{ maxMemoryPerNode: '1mb' }, {}, '--max-memory-per-node'],
    [{}, { MILLPOND_MAX_LOGS_PER_GROUP: 'many' }, 'MILLPOND_MAX_LOGS_PER_GROUP'],
    [{ allowedOrigin: 'localhost:3000' }, {}, '--allowed-origin'],
    [{ allowedOrigin: ['http://a.test', 'http://a.test/path'] }, {}, '--allowed-origin'],
    [{ allowedOrigin: 'http://a.test,' }, {}, '--allowed-origin'],
    [{ allowedOrigin: 'null' }, {}, '--allowed-origin'],
    [{ allowedOrigin: '*' }, {}, '--allowed-origin'],
    [{ allowedOrigin: 'https://*.a.test' }, {}, '--allowed-origin'],
    [{ allowedOrigin: 'http://user@a.test' }, {}, '--allowed-origin'],
    [{}, { MILLPOND_ALLOWED_ORIGIN: 'file:///' }, 'MILLPOND_ALLOWED_ORIGIN'],
    [{ allowedHost: 'a.test:80' }, {}, '--allowed-host'],
    [{ allowedHost: ['a.test', '*.b.test'] }, {}, '--allowed-host'],
    [{}, { MILLPOND_ALLOWED_HOST: 'http://a.test' }, 'MILLPOND_ALLOWED_HOST'],
    [{}, { AWS_ENDPOINT_URL_SNS: 'localhost:4566' }, 'AWS_ENDPOINT_URL_SNS'],
  ];
  for (const [flags, env, named] of cases) {
    assert.throws(
      () => parseConfig(flags, { ...HOME, ...env }),
      (error) =>
        error instanceof OperationalError &&
        error.code === 'InvalidOption' &&
        error.message.startsWith(named),
      JSON.stringify([flags, env]),
    );
  }
});

test('allowed origins and hosts are in the spelling of headers', () => {
  const flags = {
    allowedOrigin: ['HTTP://LocalHost:3000', 'https://app.test:443/', 'chrome-extension://abcdefgh'],
    allowedHost: ['Millpond', 'api.test.', '.Wide.test'],
  };
  const { allowedOrigins, allowedHosts } = parseConfig(flags, HOME);
  assert.deepEqual(allowedOrigins, [
    'http://localhost:3000',
    'https://app.test',
    'chrome-extension://abcdefgh',
  ]);
  assert.deepEqual(allowedHosts, ['millpond', 'api.test', '.wide.test']);
  const env = {
    ...HOME,
    MILLPOND_ALLOWED_ORIGIN: 'http://a.test, http://[::1]:80',
    MILLPOND_ALLOWED_HOST: 'a,b',
  };
  const fromEnvironment = parseConfig({}, env);
  assert.deepEqual(fromEnvironment.allowedOrigins, ['http://a.test', 'http://[::1]']);
  assert.deepEqual(fromEnvironment.allowedHosts, ['a', 'b']);
});

test('endpoints of other services are found by signing name', () => {
  const { endpoints, endpointsOfItself } = parseConfig(
    {},
    {
      ...HOME,
      AWS_ENDPOINT_URL_SNS: 'http://127.0.0.1:5000/',
      AWS_ENDPOINT_URL_ROUTE_53: 'https://dns.example.com',
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: 'http://localhost:5001',
      AWS_ENDPOINT_URL: 'http://localhost:4566',
      AWS_ENDPOINT_URL_EC2: '',
      // `exec` and `shell` set it, and a Millpond may be started there.
      AWS_ENDPOINT_URL_S3_CONTROL: 'http://localhost:4566',
    },
  );
  assert.deepEqual(endpoints, {
    sns: 'http://127.0.0.1:5000',
    route53: 'https://dns.example.com',
    logs: 'http://localhost:5001',
  });
  assert.deepEqual(endpointsOfItself, []);
});

test('a Millpond whose endpoint variable names itself does not start', () => {
  const start = (url: string, flags: ConfigFlags = {}) =>
    refuseOwnEndpoints(parseConfig(flags, { ...HOME, AWS_ENDPOINT_URL_ROUTE_53: url }));
  for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST.', 's3.localhost', '0.0.0.0', '[::1]', '127.1']) {
    assert.throws(() => start(`http://${host}:4566/`), {
      code: 'InvalidOption',
      message: /^AWS_ENDPOINT_URL_ROUTE_53 leads to this Millpond itself; unset it/,
    });
  }
  assert.throws(() => start('http://127.0.0.1', { port: '80' }));
  assert.throws(() => start('http://127.3.3.3:4566', { address: '127.3.3.3' }));
  start('http://127.0.0.1:4567');
  start('http://127.0.0.1:4566', { address: '127.3.3.3' });
  start('http://millpond.example.com:4566');
});

test('flagArguments reproduces the options of a command line', () => {
  const flags = { dnsTtl: '1', keepAddressOnReplace: true, port: undefined };
  assert.deepEqual(flagArguments(flags), ['--dns-ttl=1', '--keep-address-on-replace=true']);
  assert.deepEqual(flagArguments({ allowedHost: ['a', 'b'] }), ['--allowed-host=a,b']);
});
