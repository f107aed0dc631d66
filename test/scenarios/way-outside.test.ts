// The way from machines to the outside, as users see it. The outside is a namespace of the test's own.

import assert from 'node:assert/strict';

import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startTickOf } from '../../src/kernel/process-identity.ts';
import { zip } from '../../src/kernel/zip.ts';
import type { MillpondStatus } from '../../src/status.ts';
import { MILLPOND } from '../support/command.ts';
import {
  HOST,
  OTHER_USER,
  openSmallInternet,
  programsHere,
  SERVER,
  type SmallInternet,
  type User,
  whyNoSmallInternet,
} from '../support/small-internet.ts';

const CALL_INSIDE = fileURLToPath(new URL('../support/call-inside.ts', import.meta.url));
/** See programs.ts. */
const GATEWAY = '169.254.1.2';
const OUTSIDE = `http://${SERVER}/`;

/** Prints what each URL answers, or why it does not. Arguments: URLs that are expected to answer, `not:`, and the others. */
const PROBE = `
const urls = process.argv.slice(1), expected = urls.indexOf('not:');
const look = async (url, index) => {
  try {
    const signal = AbortSignal.timeout(index < expected ? 30_000 : 1_500);
    return await (await fetch(url, { signal })).text();
  } catch (error) {
    return error.name === 'TimeoutError' ? 'timed out' : error.cause?.code ?? error.name;
  }
};
Promise.all(urls.map(look)).then((answers) => {
  process.stdout.write(JSON.stringify(answers.toSpliced(expected, 1)), () => process.exit());
});
`;

/** Prints a line whenever the URL begins or ceases to answer. */
const WATCH = `
let last;
const look = async () => {
  const signal = AbortSignal.timeout(1_000);
  const now = await fetch(process.argv[1], { signal }).then(() => 'reached', () => 'not reached');
  if (now !== last) console.log(last = now);
  setImmediate(look);
};
look();
`;

/** Answers what a URL answers, or why it does not. */
const FUNCTION = `
exports.handler = async ({ url, ms }) => {
  try {
    return await (await fetch(url, { signal: AbortSignal.timeout(ms) })).text();
  } catch (error) {
    return error.name === 'TimeoutError' ? 'timed out' : error.cause?.code ?? error.name;
  }
};
`;

/** Creates FUNCTION, and returns how to call it. */
async function createFunction(call: Call, FunctionName: string, VpcConfig?: object) {
  const ZipFile = { bytes: zip({ 'index.js': FUNCTION }).toString('base64') };
  await call('lambda', 'CreateFunction', {
    ...{ FunctionName, Code: { ZipFile }, Handler: 'index.handler', Runtime: 'nodejs22.x', Timeout: 60 },
    ...{ Role: 'arn:aws:iam::000000000000:role/any', VpcConfig },
  });
  return async (url: string, ms = 30_000): Promise<string> => {
    const Payload = { bytes: Buffer.from(JSON.stringify({ url, ms })).toString('base64') };
    return JSON.parse((await call('lambda', 'Invoke', { FunctionName, Payload })).Payload);
  };
}

/** What an operation answers; every test knows which members it has. */
// biome-ignore lint/suspicious/noExplicitAny: the operations have no type in common.
type Answer = Record<string, any>;

type Call = (service: string, operation: string, input: object) => Promise<Answer>;

const UP = ['--detach', '--port', '0', '--network', 'subnets'];

class Millpond {
  readonly dataDir: string;
  readonly #internet: SmallInternet;
  readonly #user: User;

  constructor(internet: SmallInternet, user: User) {
    const home = mkdtempSync(join(tmpdir(), 'millpond-outside-'));
    if (user === 'other') chownSync(home, OTHER_USER, OTHER_USER);
    this.dataDir = join(home, 'data');
    this.#internet = internet;
    this.#user = user;
    internet.beforeEnd(async () => {
      await this.run('down');
      rmSync(home, { recursive: true });
    });
  }

  #words(command: string, args: readonly string[]): string[] {
    return [process.execPath, ...MILLPOND, command, '--data-dir', this.dataDir, ...args];
  }

  async spoken(command: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
    const { code, stdout, stderr } = await this.#internet.run(this.#words(command, args), this.#user);
    assert.equal(code, 0, `${command}: ${stdout}${stderr}`);
    return { stdout, stderr };
  }

  run = async (command: string, ...args: string[]) => (await this.spoken(command, ...args)).stdout;

  up = (...args: string[]) => this.run('up', ...UP, ...args);

  /** See PROBE. */
  async probe(expected: string[], others: string[], ...place: string[]): Promise<string[]> {
    const program = [process.execPath, '-e', PROBE, ...expected, 'not:', ...others];
    return JSON.parse(await this.run('exec', ...place, '--', ...program));
  }

  /** See WATCH. */
  watch(url: string, ...place: string[]) {
    const program = [process.execPath, '-e', WATCH, url];
    const child = this.#internet.start(this.#words('exec', [...place, '--', ...program]), this.#user);
    return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  async status(): Promise<MillpondStatus> {
    return JSON.parse(await this.run('status', '--json'));
  }

  /** Resolves once the way out is open by another process than before. */
  async processAfter(pid: number | undefined): Promise<number> {
    for (;;) {
      const { outside } = await this.status();
      if (outside?.is === 'open' && outside.pid !== pid) return outside.pid;
    }
  }

  /** Returns a function that calls the API. */
  async caller(): Promise<Call> {
    const { url } = await this.status();
    const child = this.#internet.start([process.execPath, CALL_INSIDE, url]);
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return async (service, operation, input) => {
      child.stdin.write(`${JSON.stringify([service, operation, input])}\n`);
      const { output, error } = JSON.parse(String((await answers.next()).value));
      assert.equal(error, undefined);
      return output;
    };
  }
}

describe('the way to the outside', { skip: whyNoSmallInternet() }, () => {
  for (const program of programsHere()) {
    const without = programsHere().filter((other) => other !== program);
    for (const user of ['self', 'other'] as const) {
      it(`leads commands there by ${program}, and not to this host, as ${user === 'self' ? 'this user' : 'another one'}`, async (test) => {
        const internet = await openSmallInternet(test, { without });
        const millpond = new Millpond(internet, user);
        const hidden = await internet.serve('127.0.0.1', 'of the loopback');
        const guarded = await internet.serve(HOST, 'of the host');
        await millpond.up();
        assert.equal((await millpond.status()).outside?.is, 'closed');
        const answers = await millpond.probe(
          [OUTSIDE],
          [
            `http://${HOST}:${guarded}`,
            `http://${GATEWAY}:${hidden}`,
            `http://host.millpond.internal:${hidden}`,
          ],
        );
        // The server outside sees the host's address.
        assert.deepEqual(answers, [HOST, 'timed out', 'timed out', 'ENOTFOUND']);
        const first = await millpond.processAfter(undefined);
        assert.equal((await millpond.status()).outside?.['program' as never], program);
        process.kill(first, 'SIGKILL');
        const second = await millpond.processAfter(first);
        assert.deepEqual(await millpond.probe([OUTSIDE], []), [HOST]);
        await millpond.run('down');
        assert.equal(startTickOf(second), undefined);
      });

      // Half of the combinations show it: the program knows no user, and the user no program.
      if ((program === 'pasta') !== (user === 'self')) continue;
      it(`leads commands to this host’s loopback by ${program} where the user asks for it, as ${user === 'self' ? 'this user' : 'another one'}`, async (test) => {
        const internet = await openSmallInternet(test, { without });
        const millpond = new Millpond(internet, user);
        const port = await internet.serve('127.0.0.1', 'of the loopback');
        await millpond.up('--reach-host');
        const url = `http://host.millpond.internal:${port}`;
        assert.deepEqual(await millpond.probe([url, OUTSIDE], []), ['of the loopback', HOST]);
        const call = await millpond.caller();
        const { SecurityGroups } = await call('ec2', 'DescribeSecurityGroups', {});
        const outOfVpc = await createFunction(call, 'out-of-vpc');
        assert.equal(await outOfVpc(OUTSIDE), HOST);
        assert.equal(await outOfVpc(url, 1_500), 'timed out');
        const judged = ['--security-group', SecurityGroups[0].GroupId];
        assert.deepEqual(await millpond.probe([OUTSIDE], [url], ...judged), [HOST, 'timed out']);
      });
    }
  }

  it('follows the routes of the subnet, at once', async (test) => {
    const millpond = new Millpond(await openSmallInternet(test), 'self');
    await millpond.up();
    const call = await millpond.caller();
    const { Vpc } = await call('ec2', 'CreateVpc', { CidrBlock: '10.9.0.0/16' });
    const { VpcId } = Vpc;
    const subnetOf = async (CidrBlock: string): Promise<string> =>
      (await call('ec2', 'CreateSubnet', { VpcId, CidrBlock })).Subnet.SubnetId;
    const [near, far] = [await subnetOf('10.9.1.0/24'), await subnetOf('10.9.2.0/24')];
    const tableOf = async (SubnetId: string): Promise<string> => {
      const { RouteTable } = await call('ec2', 'CreateRouteTable', { VpcId });
      await call('ec2', 'AssociateRouteTable', { SubnetId, RouteTableId: RouteTable.RouteTableId });
      return RouteTable.RouteTableId;
    };
    const [nearTable, farTable] = [await tableOf(near), await tableOf(far)];
    const { InternetGateway } = await call('ec2', 'CreateInternetGateway', {});
    const { InternetGatewayId } = InternetGateway;
    const gateway = { InternetGatewayId, VpcId };
    await call('ec2', 'AttachInternetGateway', gateway);
    const { AllocationId } = await call('ec2', 'AllocateAddress', {});
    const made = await call('ec2', 'CreateNatGateway', { SubnetId: far, AllocationId });
    const { NatGatewayId } = made.NatGateway;
    const DestinationCidrBlock = '0.0.0.0/0';

    const seen = millpond.watch(OUTSIDE, '--subnet', near);
    const next = async () => (await seen.next()).value;
    assert.equal(await next(), 'not reached');
    const { SecurityGroups } = await call('ec2', 'DescribeSecurityGroups', {
      Filters: [{ Name: 'vpc-id', Values: [VpcId] }],
    });
    const SecurityGroupIds = [SecurityGroups[0].GroupId];
    const nearFunction = await createFunction(call, 'near', { SubnetIds: [near], SecurityGroupIds });
    const farFunction = await createFunction(call, 'far', { SubnetIds: [far], SecurityGroupIds });
    assert.equal(await nearFunction(OUTSIDE, 1_500), 'timed out');
    // The gateway's own subnet has no way out yet.
    await call('ec2', 'CreateRoute', { RouteTableId: nearTable, DestinationCidrBlock, NatGatewayId });
    await call('ec2', 'CreateRoute', {
      RouteTableId: farTable,
      DestinationCidrBlock,
      GatewayId: InternetGatewayId,
    });
    assert.equal(await next(), 'reached');
    assert.equal(await nearFunction(OUTSIDE), HOST);
    // Nothing in the far subnet has a public address until the subnet gives them.
    assert.deepEqual(await millpond.probe([], [OUTSIDE], '--subnet', far), ['timed out']);
    await call('ec2', 'ModifySubnetAttribute', { SubnetId: far, MapPublicIpOnLaunch: { Value: true } });
    assert.deepEqual(await millpond.probe([OUTSIDE], [], '--subnet', far), [HOST]);
    assert.equal(await farFunction(OUTSIDE, 1_500), 'timed out', 'functions have no public address');
    await call('ec2', 'DeleteRoute', { RouteTableId: farTable, DestinationCidrBlock });
    assert.equal(await next(), 'not reached');
    await call('ec2', 'CreateRoute', {
      RouteTableId: farTable,
      DestinationCidrBlock,
      GatewayId: InternetGatewayId,
    });
    assert.equal(await next(), 'reached');
    await call('ec2', 'DeleteNatGateway', { NatGatewayId });
    assert.equal(await next(), 'not reached');
  });

  it('stays when Millpond is killed, and belongs to the next one', async (test) => {
    const millpond = new Millpond(await openSmallInternet(test), 'self');
    await millpond.up();
    const seen = millpond.watch(OUTSIDE);
    assert.equal((await seen.next()).value, 'reached');
    const { pid, outside } = await millpond.status();
    process.kill(pid, 'SIGKILL');
    while (startTickOf(pid) !== undefined) await new Promise(setImmediate);
    await millpond.up();
    assert.deepEqual((await millpond.status()).outside, outside);
    assert.deepEqual(await millpond.probe([OUTSIDE], []), [HOST]);
  });

  it('is missing where this host has none of the programs, which is said', async (test) => {
    const internet = await openSmallInternet(test, { without: ['pasta', 'slirp4netns'] });
    const millpond = new Millpond(internet, 'self');
    const reason = 'install passt or slirp4netns';
    const { stderr } = await millpond.spoken('up', ...UP);
    assert.equal(
      stderr,
      `millpond: Commands and functions in subnets do not reach the outside: ${reason}.\n`,
    );
    assert.match(await millpond.run('status'), new RegExp(`Outside +machines do not reach it: ${reason}`));
    assert.deepEqual(await millpond.probe([], [OUTSIDE]), ['timed out']);
    assert.match(
      await millpond.run('status'),
      /Outside +machines do not reach it: install passt or slirp4netns/,
    );
    const log = readFileSync(join(millpond.dataDir, 'millpond.log'), 'utf8');
    assert.match(log, /machines do not reach the outside: install passt or slirp4netns/);
  });
});
