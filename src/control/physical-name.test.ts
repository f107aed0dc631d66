// Generated names of resources follow one rule.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { physicalName } from './physical-name.ts';

const token = 'ABCDEFGHIJKL';

it('a name contains the stack, the logical id and the token if they fit', () => {
  const parts = { stackName: 'demo', logicalId: 'Cache', token };
  assert.equal(physicalName(parts, { maxLength: 64 }), 'demo-Cache-ABCDEFGHIJKL');
  assert.equal(physicalName(parts, { maxLength: 64, lowerCase: true }), 'demo-cache-abcdefghijkl');
});

it('a name has at most so many characters of each part', () => {
  const parts = { stackName: 'demo-stack', logicalId: 'LoadBalancer', token };
  assert.equal(physicalName(parts, { maxLength: 32, maxEach: 5 }), 'demo-LoadB-ABCDEFGHIJKL');
});

it('a shortened name keeps the whole token and has no two hyphens in a row', () => {
  for (let stackLength = 1; stackLength <= 128; stackLength += 9) {
    for (const logicalId of ['A', 'Cache', 'A'.repeat(40), 'B'.repeat(255)]) {
      for (const maxLength of [32, 40, 50, 63, 64, 128, 255, 512]) {
        const stackName = 'a-'.repeat(64).slice(0, stackLength);
        const name = physicalName({ stackName, logicalId, token }, { maxLength });
        assert.ok(name.length <= maxLength, name);
        assert.ok(name.endsWith(`-${token}`), name);
        assert.doesNotMatch(name, /--/);
        assert.match(name, /^[a-z][a-z-]*-[AB]|^[a-z]-[AB]/i);
      }
    }
  }
});
