import assert from 'node:assert/strict';
import { it } from 'node:test';
import { lockedAt, mountsBelow, readMounts, tableLine } from './mount-table.ts';

it('special characters in paths are escaped', () => {
  assert.equal(
    tableLine('/a b\t#"$\\;\n', "/c'd:e,f", 'none', 'bind,ro'),
    '/a\\040b\\011\\043\\042\\044\\134\\073\\012 /c\\047d:e,f none bind,ro 0 0\n',
  );
  assert.equal(tableLine('/größe', '/x', 'none', 'bind'), '/größe /x none bind 0 0\n');
});

it('mounts are read with the flags that a user namespace may not remove', () => {
  const mounts = readMounts(
    [
      '25 1 254:0 / / rw,relatime - ext4 /dev/vda rw',
      '30 25 0:20 / /home rw,nosuid,nodev,noatime shared:1 - ext4 /dev/vdb rw',
      '31 30 0:21 / /home/a\\040b ro,noexec,relatime - tmpfs tmpfs rw',
      '',
    ].join('\n'),
  );
  assert.deepEqual(lockedAt(mounts, '/usr'), ['relatime']);
  assert.deepEqual(lockedAt(mounts, '/home/x'), ['nosuid', 'nodev', 'noatime']);
  assert.deepEqual(lockedAt(mounts, '/home/a b/c'), ['noexec', 'relatime']);
  assert.deepEqual(lockedAt(mounts, '/homes'), ['relatime']);
  assert.deepEqual(
    mountsBelow(mounts, '/home').map(({ point }) => point),
    ['/home/a b'],
  );
});
