import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostNetworkVariables } from './host-network.ts';

test('functions get the host’s proxy and pip settings, and nothing else of its environment', () => {
  const table: [NodeJS.ProcessEnv, Record<string, string>][] = [
    [{}, {}],
    [{ HOME: '/root', AWS_PROFILE: 'mine', PIPELINE: '1', SECRET: 'x' }, {}],
    [
      { PIP_INDEX_URL: 'http://127.0.0.1:1/simple', PIP_TIMEOUT: '' },
      { PIP_INDEX_URL: 'http://127.0.0.1:1/simple' },
    ],
    [{ NO_PROXY: 'intranet' }, { NO_PROXY: 'intranet' }],
    [
      { https_proxy: 'http://proxy:3128', NO_PROXY: 'intranet' },
      {
        https_proxy: 'http://proxy:3128',
        no_proxy: 'intranet,127.0.0.1,169.254.169.253,localhost,.amazonaws.com',
        NO_PROXY: 'intranet,127.0.0.1,169.254.169.253,localhost,.amazonaws.com',
      },
    ],
  ];
  for (const [environment, expected] of table)
    assert.deepEqual(hostNetworkVariables(environment, true), expected);
});

test('functions with interfaces get no settings that lead to the host’s loopback addresses', () => {
  const table: [NodeJS.ProcessEnv, string[]][] = [
    [{ PIP_INDEX_URL: 'http://127.0.0.1:1/simple', https_proxy: 'http://user:word@localhost:3128' }, []],
    [{ http_proxy: '127.0.0.1:3128', ALL_PROXY: 'socks5://[::1]:1080' }, []],
    [{ no_proxy: 'localhost', PIP_INDEX_URL: 'https://localhost.example' }, ['no_proxy', 'PIP_INDEX_URL']],
    [{ https_proxy: 'http://proxy:3128' }, ['https_proxy', 'no_proxy', 'NO_PROXY']],
  ];
  for (const [environment, names] of table)
    assert.deepEqual(Object.keys(hostNetworkVariables(environment, false)), names);
});
