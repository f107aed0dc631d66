// yum in an instance: what is here, what the host's package manager installs into the instance alone, and yum's own words
// for what cannot be done. Packages come from a directory in the instance.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isExecutable } from '../../kernel/programs.ts';
import { instancesForTests, shellIn, WITHOUT_INSTANCES } from './instances.fixture.ts';
import type { Instance } from './instances.ts';

const tried = instancesForTests();
const files = mkdtempSync(join(tmpdir(), 'millpond-yum-'));
after(() => rmSync(files, { recursive: true, force: true }));
const skip =
  WITHOUT_INSTANCES ||
  (!isExecutable('/usr/bin/dpkg-deb') && 'needs dpkg') ||
  (existsSync('/usr/bin/yum') && 'has yum');
let instance: Instance;

/** A package with one program that says its name; its archive as base64, and its entry in a list of packages. */
function makePackage(name: string): { archive: string; entry: string } {
  const root = join(files, name);
  mkdirSync(join(root, 'DEBIAN'), { recursive: true });
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  const control = `Package: ${name}\nVersion: 1.5-2\nArchitecture: all\nMaintainer: A <a@example.com>\nDescription: a test\n`;
  writeFileSync(join(root, 'DEBIAN/control'), control);
  writeFileSync(join(root, 'usr/bin', name), `#!/bin/sh\necho I am ${name}\n`, { mode: 0o755 });
  execFileSync('dpkg-deb', ['--root-owner-group', '--build', root, `${root}.deb`], { stdio: 'ignore' });
  const bytes = readFileSync(`${root}.deb`);
  const digest = createHash('sha256').update(bytes).digest('hex');
  const entry = `${control}Filename: ./${name}.deb\nSize: ${bytes.length}\nSHA256: ${digest}\n\n`;
  return { archive: bytes.toString('base64'), entry };
}

before(async () => {
  if (skip) return;
  const packages = ['millpond-first', 'millpond-second'].map((name) => ({ name, ...makePackage(name) }));
  const copies = packages.map(
    ({ name, archive }) => `echo ${archive} | base64 -d >/srv/packages/${name}.deb\n`,
  );
  const list = Buffer.from(packages.map(({ entry }) => entry).join('')).toString('base64');
  const userData = `#!/bin/sh
mkdir -p /srv/packages
${copies.join('')}echo ${list} | base64 -d >/srv/packages/Packages
rm -rf /etc/apt/sources.list.d/* /var/lib/apt/lists/*
echo 'deb [trusted=yes] file:/srv/packages ./' >/etc/apt/sources.list
`;
  instance = await tried.booted({ userData: Buffer.from(userData) });
});

const shell = (text: string) => shellIn(instance, 'ec2-user', text);

test('it needs root, and names', { skip }, async () => {
  const refused = await shell('yum install -y bash');
  assert.deepEqual(
    [refused.code, refused.output.split('\n').at(-1)],
    [1, 'You need to be root to perform this command.'],
  );
  for (const words of ['install -y', 'install']) {
    const ran = await shell(`sudo yum ${words}`);
    assert.deepEqual(
      [ran.code, ran.errors.split('\n')[0]],
      [1, 'Error: Need to pass a list of pkgs to install'],
    );
  }
});

test('unknown options are refused by name, also one that was meant as the end of a sentence', {
  skip,
}, async () => {
  const typo = await shell('sudo yum install -y.');
  assert.deepEqual(
    [typo.code, typo.errors.split('\n').at(-1)],
    [1, 'Command line error: no such option: -.'],
  );
  const unknown = await shell('sudo yum --none=1 install x');
  assert.match(unknown.errors, /no such option: --none$/);
  assert.match((await shell('yum frob')).errors, /No such command: frob/);
});

test('what is here is said to be here', { skip }, async () => {
  const { code, output } = await shell('sudo yum -y install bash; yum list installed bash');
  assert.equal(code, 0);
  assert.match(output, /^Package bash-\S+ already installed and latest version\nNothing to do$/m);
  assert.match(output, /^Installed Packages\nbash\.\S+ +\S+ +installed$/m);
});

test('the host’s package manager installs into the instance alone, or yum says where it would', {
  skip,
}, async () => {
  const { code, output, errors } = await shell('sudo yum install -y millpond-first && millpond-first');
  if (!tried.abilities.hasPackages) {
    assert.equal(code, 1);
    assert.match(output, /No package millpond-first available/);
    return assert.match(errors, /where Millpond runs as root/);
  }
  assert.equal(code, 0, output + errors);
  assert.match(output, /^Installed:\n {2}millpond-first\.\S+ 0:1\.5-2$/m);
  assert.match(output, /^Complete!\nI am millpond-first$/m);
  assert.ok(!existsSync('/usr/bin/millpond-first'));
  assert.ok(!readFileSync('/var/lib/dpkg/status', 'utf8').includes('millpond-first'));
  const extras = await shell(
    'sudo amazon-linux-extras install -y millpond-second=1.5 && millpond-second; sudo yum remove -y millpond-second >/dev/null; ls /usr/bin/millpond-second 2>/dev/null',
  );
  assert.match(extras.output, /I am millpond-second$/);
});

test('a package that nobody has is not available', { skip }, async () => {
  const { code, output, errors } = await shell('sudo yum install -y millpond-none');
  assert.equal(code, 1);
  assert.match(output + errors, /No package millpond-none available\./);
  assert.match(output + errors, /Error: Nothing to do/);
});

test('a package is installed by dpkg itself', { skip }, async () => {
  if (!tried.abilities.hasPackages) return;
  const { code, output } = await shell(
    'sudo dpkg -i /srv/packages/millpond-second.deb >/dev/null && millpond-second',
  );
  assert.deepEqual([code, output], [0, 'I am millpond-second']);
});
