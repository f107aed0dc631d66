// The other roots of instances: an image's, and one without layers.

import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { imageOf, programsLayer } from '../containers/containers.fixture.ts';
import { instanceSpec, instancesForTests, shellIn, WITHOUT_INSTANCES } from './instances.fixture.ts';

const skip = WITHOUT_INSTANCES;
const NEEDED =
  'sh cat id ls mkdir chmod chown cp mv rm ln grep hostname mkfifo tee tail sleep setpriv chroot env touch';
const inLayers = instancesForTests();
const inCopies = instancesForTests({ only: { isLayered: false } });

for (const [how, tried] of [
  ['a layer', inLayers],
  ['a copy', inCopies],
] as const) {
  test(`the root is an image's, as ${how}`, { skip }, async () => {
    const hidden = { path: 'etc/hosts', type: '2', linkPath: '/nowhere/hosts' };
    const spec = instanceSpec({
      image: imageOf([
        programsLayer(NEEDED.split(' ')),
        [{ path: 'etc/of-image', content: 'of the image' }, hidden],
      ]),
      covers: [{ targets: ['/etc/hosts', '/etc/resolv.conf'], text: 'covered\n' }],
      userData: Buffer.from('#!/bin/sh\nid -u; echo changed >/etc/of-image\n'),
      ssh: { address: '127.0.0.1', port: 22_222 },
    });
    const first = await tried.booted(spec);
    assert.deepEqual(await first.booted, { noSsh: 'The instance has no /usr/sbin/sshd.' });
    const { output, errors } = await shellIn(
      first,
      'root',
      'cat /etc/of-image /etc/hosts /etc/resolv.conf; ls -d /opt /home/ec2-user',
    );
    assert.equal(output, 'changed\ncovered\ncovered\n/home/ec2-user', errors);
    assert.match(
      (await shellIn(first, 'ec2-user', 'id -u; pwd; sudo id -u')).output,
      /^1000\n\/home\/ec2-user\n0$/,
    );
    // As root its users are nobody here.
    if (process.getuid?.() === 0) assert.ok(statSync(`/proc/${first.pid}`).uid >= 1_880_000_000);
    await first.stop(10_000);
    const second = await tried.booted(spec);
    assert.equal((await shellIn(second, 'root', 'cat /etc/of-image')).output, 'changed');
    await second.stop(0);
  });
}

test('without layers this host’s programs cannot be changed, and everything else can, and stays', {
  skip,
}, async () => {
  const spec = instanceSpec();
  const first = await inCopies.booted(spec);
  const { files, hasPackages } = inCopies.abilities;
  assert.match((files as { note: string }).note, /no layers can be made/);
  assert.equal(hasPackages, false);
  const { code } = await shellIn(first, 'root', 'echo a >/usr/bin/x');
  assert.notEqual(code, 0);
  const { output } = await shellIn(
    first,
    'ec2-user',
    'sudo sh -c "echo b >/etc/x && echo c >/root/x && id -u"; yum list installed bash',
  );
  assert.match(output, /^0$/m);
  await first.stop(10_000);
  const second = await inCopies.booted(spec);
  assert.equal((await shellIn(second, 'root', 'cat /etc/x /root/x')).output, 'b\nc');
  assert.ok(!existsSync('/etc/x'));
  assert.ok(existsSync(join(inCopies.directory, 'files/roots', spec.id, 'root/etc/x')));
});
