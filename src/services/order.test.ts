import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { it } from 'node:test';
import { MANIFESTS } from './index.ts';
import { callersFirst } from './order.ts';

const service = (
  name: string,
  calls: string[],
  more: { makesResources?: true; resourceTypes?: true } = {},
) => ({
  name,
  calls: Object.fromEntries(calls.map((called) => [called, { name: called }])),
  ...more,
});
const orderOf = (...services: ReturnType<typeof service>[]) => callersFirst(services).map(({ name }) => name);

it('a service comes before every service that it calls, directly or indirectly', () => {
  assert.deepEqual(orderOf(service('a', []), service('b', ['a']), service('c', ['b'])), ['c', 'b', 'a']);
  assert.deepEqual(orderOf(service('c', ['a', 'b']), service('b', ['a']), service('a', [])), ['c', 'b', 'a']);
});

it('a service that makes resources comes before every service that provides resource types', () => {
  const makes = service('stacks', [], { makesResources: true });
  assert.deepEqual(orderOf(makes, service('a', [], { resourceTypes: true })), ['stacks', 'a']);
});

it('fails where two services call each other, and for a call to an unknown service', () => {
  assert.throws(
    () => orderOf(service('a', ['b']), service('b', ['a'])),
    /is called by a service that it calls/,
  );
  assert.throws(() => orderOf(service('a', ['x'])), /a calls x, which is no service/);
});

it('a service that is called back comes before the service that it calls', () => {
  const a = { ...service('a', []), calls: { b: { name: 'b', callsBack: true as const } } };
  assert.deepEqual(orderOf(a, service('b', ['a'])), ['b', 'a']);
});

it('every manifest is ordered, with CloudFormation before every service that provides resource types', () => {
  const names = callersFirst(MANIFESTS).map(({ name }) => name);
  assert.equal(names.length, MANIFESTS.length);
  for (const { name, calls, resourceTypes } of MANIFESTS) {
    if (resourceTypes && name !== 'cloudformation') {
      assert.ok(names.indexOf('cloudformation') < names.indexOf(name), `CloudFormation is before ${name}`);
    }
    for (const called of Object.values(calls)) {
      const isBefore = names.indexOf(name) < names.indexOf(called.name);
      assert.equal(isBefore, !called.callsBack, `${name} calls ${called.name}`);
    }
  }
});

it('every file that a manifest names exists', () => {
  const files = MANIFESTS.flatMap(({ files = {} }) => Object.values(files));
  assert.ok(files.length > MANIFESTS.length);
  for (const file of files) assert.ok(existsSync(file), file.href);
});
