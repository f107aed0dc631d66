import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { PYTHON, WITHOUT_PYTHON_CLIENTS } from '../../test/support/outside-clients.ts';
import { startDnsServer } from '../dns/server.ts';
import type { Zone } from '../dns/zone.ts';
import { silentLog } from '../kernel/log.ts';
import { systemBundle } from '../machines/trust.ts';
import { claimBlock } from '../network/loopback/block.ts';
import { commandEnvironment, type ExecOptions } from './exec.ts';

const PRIMARY = 'demo.abc123.ng.0001.use1.cache.amazonaws.com';
const NODE = 'demo-001.abc123.0001.use1.cache.amazonaws.com';

const zone: Zone = {
  suffix: 'use1.cache.amazonaws.com',
  lookup(name) {
    if (name === PRIMARY) return [{ type: 'CNAME', ttl: 5, data: NODE }];
    return name === NODE ? [{ type: 'A', ttl: 5, data: '127.9.16.4' }] : undefined;
  },
};

/** A process that calls execCommand, as the command line does. */
interface Driver {
  environment: NodeJS.ProcessEnv;
  /** Its own directory, which must be empty at the end. */
  temporary: string;
  start(argv: string[], options?: { uid?: number }): ChildProcessWithoutNullStreams;
  run(
    argv: string[],
    options?: { uid?: number; input?: string },
  ): Promise<{ code: number; out: string; err: string }>;
}

async function driver(
  context: TestContext,
  options: Pick<ExecOptions, 'dnsAddress' | 'dnsPort' | 'https' | 'dataDir'> & { namesFile?: string },
) {
  const temporary = await mkdtemp(join(tmpdir(), 'millpond-exec-'));
  await chmod(temporary, 0o1777);
  context.after(() => rm(temporary, { recursive: true }));
  const environment = { ...process.env, TMPDIR: temporary, MILLPOND_TEST: JSON.stringify(options) };
  const module = JSON.stringify(new URL('./exec.ts', import.meta.url).href);
  const program = `
    import { readFileSync } from 'node:fs';
    import { execCommand } from ${module};
    const { namesFile, ...where } = JSON.parse(process.env.MILLPOND_TEST);
    const hostNames = namesFile && (async () => JSON.parse(readFileSync(namesFile, 'utf8')));
    const options = { ...where, endpointUrl: 'http://127.0.0.1:4566', region: 'ap-northeast-1', hostNames };
    process.exitCode = await execCommand(options, process.argv.slice(1));`;
  const made: Driver = {
    environment,
    temporary,
    start(argv, { uid } = {}) {
      const node = [process.execPath, '--input-type=module', '-e', program, '--', ...argv];
      const line = uid
        ? ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--', ...node]
        : node;
      return spawn(line[0]!, line.slice(1), { env: environment, cwd: '/' });
    },
    async run(argv, { uid, input } = {}) {
      const child = made.start(argv, { uid });
      child.stdin.end(input ?? '');
      const [out, err, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close'),
      ]);
      return { code, out, err };
    },
  };
  return made;
}

/** Runs with a DNS server on port 53; `undefined`, with the test skipped, where that or a namespace is impossible. */
async function withDns(context: TestContext): Promise<Driver | undefined> {
  const block = await claimBlock({ dataDirectory: `/test/exec/${process.pid}` });
  context.after(() => block.release());
  const options = { address: block.dnsAddress, port: 53, upstreams: [], log: silentLog };
  const server = await startDnsServer(options).catch((error) => {
    if (error.code !== 'AddressUnavailable') throw error;
  });
  if (!server) return void context.skip('needs port 53');
  context.after(() => server.stop());
  server.zones.add(zone);
  return driver(context, { dnsAddress: block.dnsAddress, dnsPort: 53, dataDir: '/tmp/state of mine' });
}

const linux = process.platform === 'linux';
const isRoot = process.getuid?.() === 0;
const namespaces =
  linux && spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'true']).status === 0;
const needsNamespaces = { skip: linux ? !namespaces && 'needs namespaces' : 'needs Linux' };

describe('millpond exec', needsNamespaces, () => {
  it('makes names resolve in glibc and Python, and others as before', {
    skip: WITHOUT_PYTHON_CLIENTS,
  }, async (context) => {
    const made = await withDns(context);
    if (!made) return;
    const hosts = await made.run(['getent', 'hosts', PRIMARY]);
    assert.match(hosts.out, new RegExp(`^127\\.9\\.16\\.4 +${NODE} ${PRIMARY}\\n$`), hosts.err);
    assert.equal((await made.run(['getent', 'hosts', `none.${zone.suffix}`])).code, 2);
    assert.match((await made.run(['getent', 'hosts', 'localhost'])).out, /localhost/);
    const python = `import socket; print(socket.getaddrinfo('${PRIMARY}', 6379, proto=socket.IPPROTO_TCP)[0][4])`;
    const found = await made.run([PYTHON, '-c', python]);
    assert.equal(found.out, "('127.9.16.4', 6379)\n", found.err);
    assert.deepEqual(await readdir(made.temporary), []);
  });

  it('works for a plain user, who stays that user', { skip: !isRoot && 'needs root' }, async (context) => {
    const made = await withDns(context);
    if (!made) return;
    const script = 'id -u; id -g; getent hosts "$1"; cat /proc/self/status | grep CapEff';
    const { out, err } = await made.run(['sh', '-c', script, 'sh', PRIMARY], { uid: 65_534 });
    assert.match(out, /^65534\n65534\n127\.9\.16\.4 .*\nCapEff:\s+0+\n$/, err);
    assert.deepEqual(await readdir(made.temporary), []);
  });

  it('passes on arguments, standard input, exit code and environment', async (context) => {
    const made = await withDns(context);
    if (!made) return;
    const odd = ['a b', '', '$(id)', '`id`', '"\'', '--', '-n', 'line\nbreak', '*', '\\'];
    const show = 'for (const argument of process.argv.slice(1)) console.log(JSON.stringify(argument))';
    const { out } = await made.run([process.execPath, '-e', show, '--', ...odd]);
    assert.deepEqual(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
      odd,
    );
    assert.deepEqual(await made.run(['cat'], { input: 'through' }), { code: 0, out: 'through', err: '' });
    assert.equal((await made.run(['sh', '-c', 'exit 7'])).code, 7);
    assert.equal((await made.run(['sh', '-c', 'kill -KILL $$'])).code, 137);
    const { out: seen } = await made.run(['sh', '-c', 'echo $AWS_ENDPOINT_URL $MILLPOND_DATA_DIR']);
    assert.equal(seen, 'http://127.0.0.1:4566 /tmp/state of mine\n');
  });

  it('passes signals on to the command itself', async (context) => {
    const made = await withDns(context);
    if (!made) return;
    const wait =
      "process.on('SIGTERM', () => process.exit(42)); setInterval(() => {}, 1e6); console.log('ready')";
    const child = made.start([process.execPath, '-e', wait]);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    const [code] = await once(child, 'close');
    assert.equal(code, 42);
    assert.deepEqual(await readdir(made.temporary), []);
  });

  it('keeps a hosts file current where DNS has a high port', async (context) => {
    const names = await mkdtemp(join(tmpdir(), 'millpond-exec-names-'));
    await chmod(names, 0o755);
    context.after(() => rm(names, { recursive: true }));
    const namesFile = join(names, 'names.json');
    await writeFile(
      namesFile,
      JSON.stringify({ [PRIMARY]: '127.9.16.4', other: ['127.9.1.1', '127.9.1.2'] }),
    );
    const made = await driver(context, { dnsAddress: '127.9.0.2', dnsPort: 5353, namesFile });

    const ask = 'while read -r name; do getent ahostsv4 "$name" | head -1; done';
    const child = made.start(['sh', '-c', ask], isRoot ? { uid: 65_534 } : {});
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const resolve = async (name: string) => {
      child.stdin.write(`${name}\n`);
      return String((await answers.next()).value).split(' ')[0];
    };
    assert.equal(await resolve(PRIMARY), '127.9.16.4');
    await writeFile(namesFile, JSON.stringify({ [PRIMARY]: '127.9.32.4' }));
    const deadline = Date.now() + 60_000;
    while ((await resolve(PRIMARY)) !== '127.9.32.4')
      assert.ok(Date.now() < deadline, 'the name never moved');
    child.stdin.end();
    assert.deepEqual(await once(child, 'close'), [0, null]);
    assert.deepEqual(await readdir(made.temporary), []);
  });
});

describe('millpond exec, when it cannot', () => {
  it('reports an unreadable certificate', async (context) => {
    const https = { authorityFile: '/nonexistent/ca.pem', services: [] };
    const made = await driver(context, { dnsAddress: '127.9.0.2', dnsPort: 53, https });
    const { code, err } = await made.run(['true']);
    assert.equal(code, 125);
    assert.match(err, /^millpond exec: Millpond's certificate cannot be read: .*\n$/);
  });

  it('reports missing and non-executable commands with the shell’s codes', async (context) => {
    const made = await driver(context, { dnsAddress: '127.9.0.2', dnsPort: 53 });
    assert.deepEqual(await made.run(['no-such-program']), {
      code: 127,
      out: '',
      err: 'millpond exec: no-such-program: not found\n',
    });
    assert.equal((await made.run(['/etc/passwd'])).code, 126);
    assert.equal((await made.run([])).code, 125);
  });

  it('reports that a high port needs a list of names', needsNamespaces, async (context) => {
    const made = await driver(context, { dnsAddress: '127.9.0.2', dnsPort: 5353 });
    const { code, err } = await made.run(['true']);
    assert.equal(code, 125);
    assert.match(err, /DNS is on port 5353/);
  });
});

describe('the environment of a command', () => {
  const options = { endpointUrl: 'http://127.0.0.1:4566', region: 'us-east-1' };

  it('has the endpoint, a region and credentials', () => {
    assert.deepEqual(
      commandEnvironment({ HOME: '/h', AWS_PROFILE: 'prod', AWS_SESSION_TOKEN: 't' }, options),
      {
        HOME: '/h',
        AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
        AWS_ENDPOINT_URL_S3_CONTROL: 'http://localhost:4566',
        AWS_REGION: 'us-east-1',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      },
    );
  });

  it('keeps the region and the credentials that the user set', () => {
    const own = { AWS_DEFAULT_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AK', AWS_SECRET_ACCESS_KEY: 'SK' };
    const result = commandEnvironment(own, options);
    assert.equal(result.AWS_REGION, 'eu-west-1');
    assert.equal(result.AWS_ACCESS_KEY_ID, 'AK');
  });

  it('names the machine’s bundle where AWS’s own names lead to Millpond', () => {
    const https = { authorityFile: '/data/ca.pem', services: ['sts'] };
    const own = { SSL_CERT_FILE: '/corporate.pem', CURL_CA_BUNDLE: '/curl.pem', https_proxy: 'http://proxy' };
    const result = commandEnvironment(own, { ...options, https });
    const bundle = systemBundle();
    assert.equal(result.AWS_CA_BUNDLE, bundle ?? https.authorityFile);
    assert.equal(result.NODE_EXTRA_CA_CERTS, bundle ?? https.authorityFile);
    assert.equal(result.SSL_CERT_FILE, bundle ?? '/corporate.pem');
    assert.equal(result.CURL_CA_BUNDLE, bundle ?? '/curl.pem');
    assert.equal(
      result.no_proxy,
      '127.0.0.1,.us-east-1.elb.amazonaws.com,sts.us-east-1.amazonaws.com,sts.amazonaws.com',
    );
  });

  it('bypasses a proxy', () => {
    const result = commandEnvironment({ https_proxy: 'http://proxy', NO_PROXY: '.corp' }, options);
    assert.equal(result.no_proxy, '.corp,127.0.0.1,.us-east-1.elb.amazonaws.com');
    assert.equal(result.NO_PROXY, '.corp,127.0.0.1,.us-east-1.elb.amazonaws.com');
  });
});
