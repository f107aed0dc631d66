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
        no_proxy: 'intranet,127.0.0.1,localhost,.amazonaws.com',
        NO_PROXY: 'intranet,127.0.0.1,localhost,.amazonaws.com',
      },
    ],
  ];
  for (const [environment, expected] of table) assert.deepEqual(hostNetworkVariables(environment), expected);
});
