import assert from 'node:assert/strict';
import { it } from 'node:test';
import { implementedOperations } from './coverage.ts';

it('lists the implemented and the missing operations of a schema', () => {
  const sts = { name: 'sts', operations: { GetCallerIdentity: () => ({}), GetSessionToken: () => ({}) } };
  const [coverage, ...others] = implementedOperations([sts]);
  assert.equal(others.length, 0);
  assert.equal(coverage!.service, 'sts');
  assert.deepEqual(coverage!.implemented, ['GetCallerIdentity', 'GetSessionToken']);
  assert.ok(coverage!.missing.includes('AssumeRole'));
  assert.ok(!coverage!.missing.includes('GetCallerIdentity'));
});
