import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { openStore } from '../store/store.ts';
import { ofAccount, openRecords, type RecordKind } from './records.ts';

const here = { accountId: '000000000000', region: 'us-east-1' };
const there = { accountId: '000000000000', region: 'eu-west-1' };

interface Role {
  name: string;
  path: string;
}

const ROLE: RecordKind<Role> = {
  collection: 'test/role',
  idOf: ({ name }) => name,
  keyOf: (name) => name.toLowerCase(),
  placeOf: ofAccount,
  indexes: { path: ({ path }) => path },
  notFound: (name) => new Error(`no role ${name}`),
  exists: (name) => new Error(`role ${name} exists`),
  quota: { most: 2, exceeded: (most) => new Error(`more than ${most} roles`) },
};

function open(test: TestContext) {
  const store = openStore(':memory:');
  test.after(() => store.close());
  return openRecords(store, ROLE);
}

it('finds a record by every spelling of its id, in the place of its kind', (test) => {
  const roles = open(test);
  roles.add(here, { name: 'Admin', path: '/' });
  assert.equal(roles.existing(there, 'ADMIN').name, 'Admin');
  assert.equal(roles.find(here, 'other'), undefined);
  assert.deepEqual(roles.by(there, 'path', '/'), [{ name: 'Admin', path: '/' }]);
  assert.deepEqual([roles.count(here), roles.countBy(here, 'path', '/x/')], [1, 0]);
});

it('throws the errors of the kind', (test) => {
  const roles = open(test);
  roles.add(here, { name: 'Admin', path: '/' });
  assert.throws(() => roles.add(here, { name: 'admin', path: '/' }), /role admin exists/);
  assert.throws(() => roles.existing(here, 'other'), /no role other/);
  assert.throws(() => roles.change(here, 'other', () => {}), /no role other/);
  roles.add(here, { name: 'b', path: '/' });
  assert.throws(() => roles.add(here, { name: 'c', path: '/' }), /more than 2 roles/);
  roles.remove(here, 'B');
  roles.remove(here, 'B');
  roles.add(here, { name: 'c', path: '/' });
});

it('changes a record in place, or replaces it', (test) => {
  const roles = open(test);
  roles.add(here, { name: 'Admin', path: '/' });
  const inPlace = roles.change(here, 'admin', (role) => {
    role.path = '/x/';
  });
  assert.deepEqual(inPlace, { name: 'Admin', path: '/x/' });
  roles.change(here, 'admin', (role) => ({ ...role, path: '/y/' }));
  assert.deepEqual(roles.list(here), [{ name: 'Admin', path: '/y/' }]);
});
