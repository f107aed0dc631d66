// The process that takes requests: when it is there, how it ends, what happens when it dies, and how its listeners change.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/support/free-port.ts';
import { NOBODY, WITHOUT_NOBODY } from '../../test/support/networks.ts';
import { OperationalError } from '../kernel/errors.ts';
import { silentLog } from '../kernel/log.ts';
import { startTickOf } from '../kernel/process-identity.ts';
import {
  ADDRESS,
  answering,
  BALANCER,
  balancer,
  GROUP,
  lambdaGroup,
  listener,
  RawClient,
  rule,
  TestBalancers,
} from './load-balancer.fixture.ts';
import { openLoadBalancers } from './load-balancer-process.ts';

/** The pids of the processes of load balancers that this process, or another, has started. */
function processes(parent = process.pid): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(parent), '-f', 'load-balancer/program'], {
    encoding: 'utf8',
  });
  return stdout.trim().split('\n').filter(Boolean).map(Number);
}

async function gone(pid: number): Promise<void> {
  while (startTickOf(pid) !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
}

const status = async (port: number): Promise<number> => {
  const client = new RawClient(port).get('/');
  const { status } = await client.answer();
  client.end();
  return status;
};

/** Whether something listens there. */
const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, ADDRESS, () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });

describe('the process of load balancers', () => {
  it('is there while a balancer is, and its answers in progress are sent when the last one is removed', async (t) => {
    const test = new TestBalancers(t);
    const before = processes();
    const own = () => processes().filter((pid) => !before.includes(pid));
    const port = await freePort();
    await test.balancers.set(balancer(port, lambdaGroup()));
    const [pid] = own();
    assert.equal(own().length, 1);
    const held = Promise.withResolvers<void>();
    test.answer = async () => {
      await held.promise;
      return answering({ statusCode: 200, body: 'in progress' });
    };
    const client = new RawClient(port).get('/');
    await test.until(() => test.invoked.length === 1);
    await test.balancers.remove(BALANCER);
    assert.ok(!(await isOpen(port)));
    await test.balancers.set(balancer(port, lambdaGroup()));
    held.resolve();
    const answer = await client.answer();
    assert.deepEqual([answer.body, answer.headers.connection], ['in progress', 'close']);
    await client.closed();
    await gone(pid!);
    assert.equal(own().length, 1, 'another one serves the new balancer');
    assert.equal(await status(port), 200);
    await test.balancers.remove(BALANCER);
    while (own().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    // The counts of the answer that was in progress arrived, too.
    assert.equal(test.sum('HTTPCode_Target_2XX_Count', GROUP), 2);
  });

  it('is started again with all balancers when it is killed', async (t) => {
    const test = new TestBalancers(t, { log: silentLog });
    const before = processes();
    const [first, second] = [await freePort(), await freePort()];
    await test.balancers.set(balancer(first, lambdaGroup()));
    await test.balancers.set({
      ...balancer(second, lambdaGroup({ arn: 'another group' })),
      arn: 'other balancer',
    });
    for (let round = 0; round < 3; round++) {
      const [pid] = processes().filter((each) => !before.includes(each));
      process.kill(pid!, 'SIGKILL');
      await gone(pid!);
      // Resolves once the next one has it.
      await test.balancers.set(balancer(first, lambdaGroup()));
      assert.equal(await status(first), 200);
      while (!(await isOpen(second)));
      // It forwards to a group that it does not have.
      assert.equal(await status(second), 503);
    }
  });

  it('keeps what it knew of the health of targets', async (t) => {
    const test = new TestBalancers(t, { log: silentLog });
    const before = processes();
    const healthCheck = {
      ...{ protocol: 'HTTP' as const, path: '/', intervalSeconds: 300, timeoutSeconds: 100, matches: '200' },
      ...{ healthyCount: 2, unhealthyCount: 2 },
    };
    const group = lambdaGroup({ healthCheck });
    await test.balancers.set(balancer(await freePort(), group));
    const state = () => test.balancers.health(GROUP).get(group.functionArn!)?.state;
    await test.until(() => state() === 'healthy');
    test.answer = () => ({ failed: 'error' });
    const [pid] = processes().filter((each) => !before.includes(each));
    process.kill(pid!, 'SIGKILL');
    await gone(pid!);
    await test.until(() => test.invoked.length === 2);
    await test.balancers.set(balancer(await freePort(), group));
    assert.equal(state(), 'healthy', 'one failed check is not enough');
  });

  it('rejects a balancer where it cannot be started', async () => {
    const balancers = openLoadBalancers({
      network: { kind: 'loopback', inside: () => ['/bin/sh', '-c', 'echo "no such world" >&2; exit 3'] },
      certificate: () => ({ key: '', certificates: '' }),
      log: silentLog,
    });
    await assert.rejects(
      balancers.set(balancer(await freePort(), lambdaGroup())),
      (error) => error instanceof OperationalError && /no such world/.test(error.message),
    );
    await balancers.stop();
  });

  it('rejects a balancer where its program is missing, and answers when Millpond stops meanwhile', async () => {
    const balancers = openLoadBalancers({
      network: { kind: 'loopback', inside: () => ['/no/such/program'] },
      certificate: () => ({ key: '', certificates: '' }),
      log: silentLog,
    });
    await assert.rejects(balancers.set(balancer(1, lambdaGroup())), /ENOENT/);
    const waiting = balancers.set(balancer(1, lambdaGroup()));
    await balancers.stop();
    await waiting.catch(() => {});
    assert.deepEqual(await balancers.set(balancer(1, lambdaGroup())), []);
  });

  it('says which listeners cannot be set up, and goes on', async (t) => {
    const test = new TestBalancers(t, {
      log: silentLog,
      certificate: { key: 'no key', certificates: 'none' },
    });
    const port = await freePort();
    const https = { ...listener(port), protocol: 'HTTPS' as const };
    const [failure] = await test.balancers.set({ ...balancer(port, lambdaGroup()), listeners: [https] });
    assert.match(failure!.reason, /^The load balancer cannot be set up \(.*PEM/);
    assert.deepEqual(await test.balancers.set(balancer(port, lambdaGroup())), []);
    assert.equal(await status(port), 200);
  });

  it('ends with Millpond, however that ends', async (t) => {
    const { pid, child } = await startFixture(t);
    const [own] = processes(pid);
    assert.notEqual(own, undefined);
    child.kill('SIGKILL');
    await gone(own!);
  });

  it('takes another port where a user may not bind that of the listener', {
    skip: WITHOUT_NOBODY,
  }, async (t) => {
    const { failures } = await startFixture(t, NOBODY, 81);
    const [failure] = failures;
    // Some containers let everybody bind any port.
    if (!failure) return void t.diagnostic('this machine lets users bind ports below 1024');
    assert.equal(failure.listenerArn, 'listener 81');
    assert.match(
      failure.reason,
      new RegExp(`Port 81 on 127\\.0\\.0\\.1 needs root .* at port ${failure.port} instead`),
    );
    assert.ok(failure.port! > 1024);
    assert.equal(await status(failure.port!), 200);
  });

  it('reports a port that is taken, and tries again at the next configuration', async (t) => {
    const other = createServer().listen(0, ADDRESS);
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const test = new TestBalancers(t);
    const free = await freePort();
    const configuration = { ...balancer(free, lambdaGroup()), listeners: [listener(port), listener(free)] };
    const failures = await test.balancers.set(configuration);
    assert.equal(failures.length, 1);
    assert.equal(failures[0]!.listenerArn, `listener ${port}`);
    assert.match(failures[0]!.reason, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken`));
    assert.equal(await status(free), 200, 'the other listener works');
    other.close();
    await once(other, 'close');
    assert.deepEqual(await test.balancers.set(configuration), []);
    assert.equal(await status(port), 200);
  });

  it('answers every request while rules change from one function to another', async (t) => {
    const test = new TestBalancers(t);
    const port = await freePort();
    const groups = ['first', 'second'].map((arn) => lambdaGroup({ arn }));
    const configurations = groups.map((group) =>
      balancer(port, group, {
        listeners: [listener(port, [rule([], { does: 'forward', targetGroupArn: group.arn })])],
      }),
    );
    await test.balancers.set(configurations[0]!);
    let goesOn = true;
    const clients = Array.from({ length: 8 }, async () => {
      const client = new RawClient(port);
      t.after(() => client.end());
      const failed: number[] = [];
      while (goesOn) {
        const { status } = await client.get('/').answer();
        if (status !== 200) failed.push(status);
      }
      return failed;
    });
    for (let change = 1; change <= 100; change++) await test.balancers.set(configurations[change % 2]!);
    goesOn = false;
    assert.deepEqual((await Promise.all(clients)).flat(), []);
    assert.deepEqual(new Set(test.invoked.map(({ target }) => target.arn)), new Set(['first', 'second']));
  });

  it('changes rules, listeners and groups of a balancer while it serves', async (t) => {
    const test = new TestBalancers(t);
    const [first, second] = [await freePort(), await freePort()];
    await test.balancers.set(balancer(first, lambdaGroup()));
    const client = new RawClient(first);
    assert.equal((await client.get('/').answer()).status, 200);
    const fixed = [rule([], { does: 'respond', status: 418 })];
    await test.balancers.set({
      ...balancer(first, lambdaGroup()),
      listeners: [listener(first, fixed), listener(second)],
    });
    assert.equal((await client.get('/').answer()).status, 418, 'the same connection has the new rules');
    assert.equal(await status(second), 200);
    await test.balancers.set({
      ...balancer(first, lambdaGroup({ functionArn: undefined as never })),
      listeners: [listener(second)],
    });
    await client.closed();
    assert.ok(!(await isOpen(first)));
    assert.equal(await status(second), 503);
    assert.equal(processes().length, 1);
  });
});

/** A Millpond in a process of its own, as far as load balancers need one, with one that answers 200. */
async function startFixture(t: TestContext, uid?: number, port?: number) {
  const program = fileURLToPath(new URL('./millpond-program.fixture.ts', import.meta.url));
  const args = ['--disable-warning=ExperimentalWarning', program, String(port ?? (await freePort()))];
  const child = spawn(process.execPath, args, {
    ...(uid !== undefined && { uid, gid: uid, cwd: '/' }),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    child,
    pid: child.pid!,
    failures: JSON.parse(line) as { listenerArn: string; reason: string; port?: number }[],
  };
}
