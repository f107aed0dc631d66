// One rule for all names that a template does not give.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { physicalName } from './physical-name.ts';

const token = 'ABCDEFGHIJKL';

it('stack, logical id and token, where there is room', () => {
  const parts = { stackName: 'demo', logicalId: 'Cache', token };
  assert.equal(physicalName(parts, { maxLength: 64 }), 'demo-Cache-ABCDEFGHIJKL');
  assert.equal(physicalName(parts, { maxLength: 64, lowerCase: true }), 'demo-cache-abcdefghijkl');
});

it('the token whole, the rest shared, and never two hyphens where it was cut', () => {
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
