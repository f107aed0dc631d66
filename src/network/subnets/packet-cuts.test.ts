import assert from 'node:assert/strict';
import { it } from 'node:test';
import { rulesOf } from './packet-cuts.ts';

it('replaces the whole table in one transaction, a statement on each line', () => {
  const rules = rulesOf([
    { from: '10.0.1.4', to: '10.0.2.4-10.0.2.254' },
    { from: '10.0.2.4', to: '10.0.1.4' },
  ]);
  assert.match(
    rules,
    /^add table inet millpond_cuts\ndelete table inet millpond_cuts\ntable inet millpond_cuts \{\n/,
  );
  assert.match(rules, /\n {6}10\.0\.1\.4 \. 10\.0\.2\.4-10\.0\.2\.254,\n {6}10\.0\.2\.4 \. 10\.0\.1\.4\n/);
});

it('leaves no table when nothing is cut', () => {
  assert.equal(rulesOf([]), 'add table inet millpond_cuts\ndelete table inet millpond_cuts\n');
});
