// Load balancers for tests: the real process on this host's loopback, functions and targets of the test, and clients that
// send bytes.

import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { createLog, type Log } from '../kernel/log.ts';
import { openLoadBalancers } from './load-balancer-process.ts';
import type {
  Action,
  AddressTargets,
  Balancer,
  BalancerCounts,
  FunctionReply,
  FunctionTarget,
  HealthCheck,
  InvokedFunction,
  Listener,
  LoadBalancers,
  Rule,
} from './load-balancers.ts';
import type { ServedCertificate } from './messages.ts';

export const ADDRESS = '127.0.0.1';
export const BALANCER = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/test/1';
export const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/test/1';

/** What a test's function gets. */
export interface Invoked {
  target: InvokedFunction;
  event: TestEvent;
}

/** The event as a function sees it. */
export interface TestEvent {
  httpMethod: string;
  path: string;
  body: string;
  isBase64Encoded: boolean;
  headers: Record<string, string>;
  multiValueHeaders: Record<string, string[]>;
  queryStringParameters: Record<string, string>;
  [key: string]: unknown;
}

/** Load balancers with what they reported. */
export class TestBalancers {
  readonly balancers: LoadBalancers;
  readonly invoked: Invoked[] = [];
  readonly counts: BalancerCounts[] = [];
  answer: (invoked: Invoked) => FunctionReply | Promise<FunctionReply> = () => answering({ statusCode: 200 });
  #changes = Promise.withResolvers<void>();

  constructor(t: Pick<TestContext, 'after'>, options: { certificate?: ServedCertificate; log?: Log } = {}) {
    const { certificate = { key: '', certificates: '' }, log = createLog({ level: 'error' }) } = options;
    this.balancers = openLoadBalancers({
      network: { kind: 'loopback', inside: (command) => [...command] },
      certificate: () => certificate,
      log,
    });
    this.balancers.connect({
      invoke: async (target, event) => {
        const invoked = { target, event: JSON.parse(event.toString()) as TestEvent };
        this.invoked.push(invoked);
        this.#changed();
        return this.answer(invoked);
      },
      counted: (counts) => {
        this.counts.push(...counts);
        this.#changed();
      },
      healthChanged: () => this.#changed(),
    });
    t.after(() => this.balancers.stop());
  }

  /** Resolves when something was reported for which this holds. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.#changes.promise;
  }

  /** Resolves when a metric has this sum, of the whole balancer or of a group. */
  async counted(metric: string, sum: number, targetGroupArn?: string): Promise<void> {
    await this.until(() => Math.abs(this.sum(metric, targetGroupArn) - sum) < 1e-9);
  }

  sum(metric: string, targetGroupArn?: string): number {
    return this.counts
      .filter((counts) => counts.targetGroupArn === targetGroupArn)
      .reduce((sum, { sums }) => sum + (sums[metric] ?? 0), 0);
  }

  #changed(): void {
    this.#changes.resolve();
    this.#changes = Promise.withResolvers();
  }
}

/** What a function answers. */
export const answering = (answer: unknown): FunctionReply => ({
  payload: Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer)),
});

export const ATTRIBUTES: Balancer['attributes'] = {
  idleTimeoutSeconds: 60,
  dropsInvalidHeaders: false,
  preservesHostHeader: false,
  addsClientPort: false,
  forwardedFor: 'append',
};

export const HEALTH_CHECK: HealthCheck = {
  ...{ protocol: 'HTTP', path: '/health', intervalSeconds: 300, timeoutSeconds: 120, matches: '200' },
  ...{ healthyCount: 2, unhealthyCount: 2 },
};

export const lambdaGroup = (changes: Partial<FunctionTarget> = {}): FunctionTarget => ({
  ...{ arn: GROUP, type: 'lambda', multiValueHeaders: false },
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:test',
  ...changes,
});

export const addressGroup = (
  ports: readonly number[],
  changes: Partial<AddressTargets> = {},
): AddressTargets => ({
  ...{ arn: GROUP, type: 'address', protocol: 'HTTP', algorithm: 'round_robin', healthCheck: HEALTH_CHECK },
  targets: ports.map((port) => ({ address: ADDRESS, port, isDraining: false })),
  ...changes,
});

export const rule = (conditions: Rule['conditions'], action: Action): Rule => ({
  arn: 'rule',
  conditions,
  action,
});
export const forward: Action = { does: 'forward', targetGroupArn: GROUP };

export const listener = (port: number, rules: readonly Rule[] = [rule([], forward)]): Listener => ({
  ...{ arn: `listener ${port}`, port, protocol: 'HTTP', rules },
});

/** A balancer with one group at one port. */
export const balancer = (
  port: number,
  group: FunctionTarget | AddressTargets,
  changes: Partial<Omit<Balancer, 'attributes'>> & { attributes?: Partial<Balancer['attributes']> } = {},
): Balancer => ({
  ...{ arn: BALANCER, dnsName: 'test-1.us-east-1.elb.amazonaws.com', targetGroups: [group] },
  ...{ addresses: [{ address: ADDRESS, zone: 'us-east-1a' }], listeners: [listener(port)] },
  ...changes,
  attributes: { ...ATTRIBUTES, ...changes.attributes },
});

/** An answer as it came. */
export interface RawAnswer {
  status: number;
  reason: string;
  headers: Record<string, string>;
  /** Name, value, name, value… */
  rawHeaders: string[];
  body: string;
}

/** A client that sends bytes, and reads one answer after the other. */
export class RawClient {
  readonly socket: Socket;
  #received = '';
  #isEnded = false;

  constructor(port: number, socket: Socket = connect(port, ADDRESS)) {
    this.socket = socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#received += text;
      socket.emit('progress');
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isEnded = true;
      socket.emit('progress');
    });
  }

  send(...lines: string[]): this {
    this.socket.write(lines.join('\r\n'), 'latin1');
    return this;
  }

  get(path: string, ...headers: string[]): this {
    return this.send(`GET ${path} HTTP/1.1`, 'Host: example.com', ...headers, '', '');
  }

  post(path: string, body: string, ...headers: string[]): this {
    const length = `Content-Length: ${Buffer.byteLength(body, 'latin1')}`;
    return this.send(`POST ${path} HTTP/1.1`, 'Host: example.com', ...headers, length, '', body);
  }

  /** Resolves when the connection is closed. */
  async closed(): Promise<string> {
    while (!this.#isEnded) await this.#progress();
    return this.#received;
  }

  /** The text that was received so far, once it matches. */
  async receives(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#received)) await this.#more();
    return this.#received;
  }

  /** `withoutBody`: the answer to HEAD. */
  async answer(withoutBody = false): Promise<RawAnswer> {
    let end: number;
    while ((end = this.#received.indexOf('\r\n\r\n')) === -1) await this.#more();
    const [first = '', ...lines] = this.#received.slice(0, end).split('\r\n');
    const [, status, reason = ''] = /^HTTP\/1\.1 (\d+) ?(.*)$/.exec(first) ?? [];
    const pairs = lines.map((line) => line.split(/: ?(.*)/s, 2) as [string, string]);
    const headers = Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]));
    this.#received = this.#received.slice(end + 4);
    const body = withoutBody || status === '204' ? '' : await this.#body(headers);
    return { status: Number(status), reason, headers, rawHeaders: pairs.flat(), body };
  }

  async #body(headers: Record<string, string>): Promise<string> {
    if (headers['transfer-encoding'] === 'chunked') return await this.#chunks();
    if (headers['content-length'] === undefined) {
      const all = await this.closed();
      this.#received = '';
      return all;
    }
    return await this.#take(Number(headers['content-length']));
  }

  async #chunks(): Promise<string> {
    let body = '';
    for (;;) {
      let end: number;
      while ((end = this.#received.indexOf('\r\n')) === -1) await this.#more();
      const length = Number.parseInt(this.#received.slice(0, end), 16);
      this.#received = this.#received.slice(end + 2);
      body += await this.#take(length);
      await this.#take(2);
      if (length === 0) return body;
    }
  }

  async #take(length: number): Promise<string> {
    while (this.#received.length < length) await this.#more();
    const taken = this.#received.slice(0, length);
    this.#received = this.#received.slice(length);
    return taken;
  }

  async #more(): Promise<void> {
    if (this.#isEnded) throw new Error(`the connection ended after ${JSON.stringify(this.#received)}`);
    await this.#progress();
  }

  /** Not `once`, which rejects when the connection fails. */
  #progress(): Promise<void> {
    return new Promise((resolve) => this.socket.once('progress', resolve));
  }

  end(): void {
    this.socket.destroy();
  }
}
