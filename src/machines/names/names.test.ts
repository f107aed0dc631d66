import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { followNames, renderHosts } from './hosts-file.ts';
import { commandLine, findWay, waysFor, withHostName } from './namespace.ts';
import { createView, filesThenDns, resolvConf } from './view.ts';

describe('the files of a view', () => {
  it('name our server, and keep the host’s search domains and options', () => {
    const host = '# by dhcp\nnameserver 192.0.2.1\nnameserver 192.0.2.2\nsearch corp.test\noptions ndots:2\n';
    assert.equal(resolvConf(host, '127.9.0.2'), 'nameserver 127.9.0.2\nsearch corp.test\noptions ndots:2\n');
    assert.equal(resolvConf('', '127.9.0.2'), 'nameserver 127.9.0.2\n');
  });

  it('look up hosts by file and DNS only', () => {
    const host =
      'passwd: files systemd\nhosts:   mymachines resolve [!UNAVAIL=return] files dns\nnetworks: files\n';
    assert.equal(filesThenDns(host), 'hosts: files dns\npasswd: files systemd\nnetworks: files\n');
    assert.equal(filesThenDns(''), 'hosts: files dns\n');
  });

  it('list every address of a name, before the host’s own lines', () => {
    assert.equal(
      renderHosts({ 'a.test': '127.9.1.1', 'b.test': ['127.9.1.1', '127.9.1.2'] }, '127.0.0.1 localhost\n'),
      '127.9.1.1 a.test\n127.9.1.1 b.test\n127.9.1.2 b.test\n127.0.0.1 localhost\n',
    );
  });
});

describe('a hosts file that follows names', () => {
  it('is rewritten in place, survives a failed read, and never gets shorter', async (context) => {
    const directory = await mkdtemp(join(tmpdir(), 'millpond-hosts-'));
    context.after(() => rm(directory, { recursive: true }));
    const path = join(directory, 'hosts');
    const firstText = renderHosts({ 'a.test': '127.9.1.1', 'longer.test': '127.9.1.2' }, '');
    await writeFile(path, firstText);
    const file = await open(path, 'r+');
    context.after(() => file.close());

    let looks = 0;
    let seen = () => {};
    const changed = new Promise<void>((resolve) => (seen = resolve));
    const following = followNames({
      file,
      hostText: '',
      firstText,
      readNames: async () => {
        looks++;
        if (looks === 1) throw new Error('restarting');
        if (looks === 3) seen();
        return { 'a.test': '127.9.1.7' };
      },
    });
    await changed;
    await following.stop();
    const text = await readFile(path, 'utf8');
    assert.equal(text.trimEnd(), '127.9.1.7 a.test');
    assert.equal(text.length, firstText.length);
  });
});

describe('ways into a namespace', () => {
  const mounts = { directory: '/tmp/x', mounts: [{ source: '/tmp/x/0', target: '/etc/resolv.conf' }] };

  it('pass the command on unchanged', () => {
    const [way] = waysFor({ uid: 0, gid: 0, environment: {} });
    const command = ['printf', '%s', '$(id) "; --'];
    const view = { ...mounts, commandPid: async () => undefined, dispose: async () => {} };
    const line = commandLine(way!, view, command);
    assert.deepEqual(line.slice(-command.length), command);
    assert.match(line[0], /(^|\/)unshare$/);
  });

  it('depend on the caller', () => {
    const names = (uid: number) => waysFor({ uid, gid: uid, environment: {} }).map((way) => way.name);
    assert.deepEqual(names(0), ['root', 'user namespace']);
    assert.deepEqual(names(1000), ['user namespace', 'sudo']);
  });

  it('give the command its own host name where allowed, and keep its uid', needsRoot(), async (context) => {
    const name = 'ip-10-0-0-12.ec2.internal';
    for (const uid of [0, 65_534]) {
      const caller = { uid, gid: uid, environment: { PATH: process.env.PATH } };
      const makeView = () => createView({ hostsText: '' });
      const [way] = waysFor(caller);
      const view = await makeView();
      context.after(() => view.dispose());
      if (uid !== 0) await chownView(view.directory, uid);
      const [program, ...args] = commandLine(withHostName(way!, name), view, ['sh', '-c', 'uname -n; id -u']);
      const { stdout, stderr } = spawnSync(program, args, { uid, gid: uid, encoding: 'utf8' });
      assert.equal(stdout, `${name}\n${uid}\n`, stderr);
    }
    const unnamed = await findWay({ uid: 0, gid: 0, environment: process.env }, () =>
      createView({ hostsText: '' }),
    );
    assert.ok(!unnamed.enter.includes('--uts'));
  });

  it('work inside of another such command', needsRoot(), async (context) => {
    const [way] = waysFor({ uid: 0, gid: 0, environment: {} });
    const views = [await createView({ hostsText: 'outer\n' }), await createView({ hostsText: 'inner\n' })];
    context.after(() => Promise.all(views.map((view) => view.dispose())));
    const inner = commandLine(way!, views[1]!, ['cat', '/etc/hosts']);
    const [program, ...args] = commandLine(way!, views[0]!, inner);
    const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    assert.deepEqual([stdout, stderr], ['inner\n', '']);
  });

  it('keep the machine’s host name where another is not allowed', needsRoot(), async (context) => {
    const directory = await mkdtemp(join(tmpdir(), 'millpond-no-uts-'));
    context.after(() => rm(directory, { recursive: true }));
    const script = '#!/bin/sh\ncase "$*" in *--uts*) exit 1;; esac\nexec /usr/bin/unshare "$@"\n';
    await writeFile(join(directory, 'unshare'), script, { mode: 0o755 });
    const caller = { uid: 0, gid: 0, environment: { PATH: `${directory}:${process.env.PATH}` } };
    const way = await findWay(caller, () => createView({ hostsText: '' }), 'other');
    assert.deepEqual([way.name, way.enter.includes('--uts')], ['root', false]);
  });

  it('can use sudo, as the caller and with the caller’s PATH', needsRoot(), async (context) => {
    const directory = await mkdtemp(join(tmpdir(), 'millpond-sudo-'));
    context.after(() => rm(directory, { recursive: true }));
    await chmod(directory, 0o755);
    const programs = {
      unshare: '[ "$1" = --user ] && { echo forbidden >&2; exit 1; }\nexec /usr/bin/unshare "$@"\n',
      sudo: '[ "$1 $2 $3" = "-n -E --" ] || exit 1\nshift 3\nPATH=/usr/bin:/bin exec "$@"\n',
    };
    for (const [name, script] of Object.entries(programs)) {
      await writeFile(join(directory, name), `#!/bin/sh\n${script}`, { mode: 0o755 });
    }
    const environment = { PATH: `${directory}:${process.env.PATH}`, HOME: '/nonexistent' };
    const caller = { uid: 65_534, gid: 65_534, environment };
    const makeView = () => createView({ hostsText: '127.9.1.1 by.sudo.test\n' });
    const way = await findWay(caller, makeView);
    assert.equal(way.name, 'sudo');
    const view = await makeView();
    context.after(() => view.dispose());
    const script = 'id -u; echo "$PATH"; getent hosts by.sudo.test';
    const [program, ...args] = commandLine(way, view, ['sh', '-c', script]);
    const { stdout } = spawnSync(program, args, { env: environment, encoding: 'utf8' });
    const [uid, path, host] = stdout.split('\n');
    assert.deepEqual([uid, path], ['65534', environment.PATH]);
    assert.match(host!, /^127\.9\.1\.1 +by\.sudo\.test$/);
  });

  it('use the system’s tools when they are not on the PATH', needsRoot(), async (context) => {
    const environment = { PATH: '/nonexistent' };
    const makeView = () => createView({ hostsText: '127.9.1.1 without.path.test\n' });
    const way = await findWay({ uid: 0, gid: 0, environment }, makeView);
    const view = await makeView();
    context.after(() => view.dispose());
    const script = 'echo "$PATH"; /usr/bin/getent hosts without.path.test';
    const [program, ...args] = commandLine(way, view, ['/bin/sh', '-c', script]);
    const { stdout } = spawnSync(program, args, { env: environment, encoding: 'utf8' });
    assert.match(stdout, /^\/nonexistent\n127\.9\.1\.1 +without\.path\.test\n$/);
  });

  it('are all listed when none works', {
    skip: process.platform !== 'linux' && 'needs Linux',
  }, async (context) => {
    const directory = await mkdtemp(join(tmpdir(), 'millpond-no-way-'));
    context.after(() => rm(directory, { recursive: true }));
    for (const name of ['unshare', 'sudo']) {
      const script = `#!/bin/sh\necho '${name} is forbidden' >&2; exit 1\n`;
      await writeFile(join(directory, name), script, { mode: 0o755 });
    }
    const caller = { uid: 1000, gid: 1000, environment: { PATH: directory } };
    await assert.rejects(
      findWay(caller, () => createView({ hostsText: '' })),
      {
        code: 'NameResolution',
        message: /user namespace: unshare is forbidden; sudo: sudo is forbidden.*millpond dns install/,
      },
    );
  });
});

function needsRoot(): { skip: string | false } {
  const root = process.platform === 'linux' && process.getuid?.() === 0;
  return { skip: root ? false : 'needs root on Linux' };
}

async function chownView(directory: string, uid: number): Promise<void> {
  const files = await readdir(directory);
  for (const path of [directory, ...files.map((file) => join(directory, file))]) await chown(path, uid, uid);
}
