// A balancer that runs: its servers, its target groups, and what happens to a request.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AddressGroup } from './address-group.ts';
import type { Counts } from './counts.ts';
import { Exchange } from './exchange.ts';
import { HealthChecks } from './health-checks.ts';
import type { Invocations } from './invocations.ts';
import { keepOpen, type ListenerHandlers, ListenerServer } from './listener-server.ts';
import type { Action, Balancer, FunctionTarget, Listener, ListenerFailure } from './load-balancers.ts';
import type { GroupHealth, Hello } from './messages.ts';
import { locationOf, MOST_LOCATION_BYTES } from './redirects.ts';
import { type RequestFacts, readFacts } from './request-facts.ts';
import { sourceAddress } from './source-address.ts';
import type { StickyCookies } from './sticky-cookie.ts';
import { type ForwardSurroundings, toAddress } from './to-address.ts';
import { toFunction } from './to-function.ts';
import { refuseUpgrade, upgradeToAddress } from './upgrade.ts';

/** What all balancers share. */
export interface Surroundings {
  hello: Hello;
  cookies: StickyCookies;
  counts: Counts;
  invocations: Invocations;
  reportHealth(health: GroupHealth): void;
  /** Logs a bug. */
  failed(error: unknown): void;
}

interface RunningGroup {
  target: FunctionTarget | AddressGroup;
  checks: HealthChecks;
}

/** One balancer. `update` makes it exactly like a configuration. */
export class RunningBalancer implements ListenerHandlers {
  readonly #arn: string;
  readonly #surroundings: Surroundings;
  readonly #forwarding: ForwardSurroundings;
  readonly #servers = new Map<string, ListenerServer>();
  readonly #failures = new Map<string, ListenerFailure>();
  readonly #groups = new Map<string, RunningGroup>();
  readonly #leaving = new Set<Promise<void>>();
  /** From which it checks targets. */
  #address = '';

  constructor(arn: string, surroundings: Surroundings) {
    this.#arn = arn;
    this.#surroundings = surroundings;
    this.#forwarding = {
      cookies: surroundings.cookies,
      sourceFor: (own, target) => sourceAddress(surroundings.hello.network, own, target),
    };
  }

  /** Resolves once all listeners take requests, with those that cannot. Calls must not overlap. */
  async update(balancer: Balancer, known: readonly GroupHealth[]): Promise<ListenerFailure[]> {
    this.#updateGroups(balancer, known);
    const wanted = new Map<string, { listener: Listener; address: string; zone: string }>(
      balancer.listeners.flatMap((listener) =>
        balancer.addresses.map(
          ({ address, zone }) =>
            [`${listener.protocol} ${address}:${listener.port}`, { listener, address, zone }] as const,
        ),
      ),
    );
    for (const key of [...this.#servers.keys()]) if (!wanted.has(key)) this.#close(key);
    const failures: ListenerFailure[] = [];
    for (const [key, { listener, address, zone }] of wanted) {
      const running = this.#servers.get(key);
      if (running) running.become(listener, balancer.attributes);
      else {
        const counts = this.#surroundings.counts.of(balancer.arn, zone);
        const place = { address, counts, attributes: balancer.attributes };
        const server = new ListenerServer(listener, place, this, this.#surroundings.hello.certificate);
        const opened = await server.open();
        if ('port' in opened) this.#servers.set(key, server);
        this.#failures.delete(key);
        if (opened.reason !== undefined) {
          this.#failures.set(key, { ...opened, reason: opened.reason, listenerArn: listener.arn });
        }
      }
      const failure = this.#failures.get(key);
      if (failure && !failures.some(({ listenerArn }) => listenerArn === listener.arn)) {
        failures.push({ ...failure, listenerArn: listener.arn });
      }
    }
    return failures;
  }

  /** Nothing listens any more when it returns. Resolves when all answers in progress are sent. */
  close(): Promise<void> {
    for (const key of [...this.#servers.keys()]) this.#close(key);
    for (const arn of [...this.#groups.keys()]) this.#dropGroup(arn);
    return Promise.all(this.#leaving).then(() => this.#surroundings.counts.forget(this.#arn));
  }

  request(at: ListenerServer, request: IncomingMessage, response: ServerResponse): void {
    const exchange = new Exchange(at, request, response);
    try {
      this.#forward(at, exchange);
    } catch (error) {
      // One request must not end all others.
      this.#surroundings.failed(error);
      if (response.headersSent) response.destroy();
      else exchange.page(500);
    }
  }

  #forward(at: ListenerServer, exchange: Exchange): void {
    const { request } = exchange;
    const facts = this.#read(at, request);
    if (typeof facts === 'number') return void exchange.page(facts);
    const action = this.#choose(at, facts);
    switch (action.does) {
      case 'respond':
        return void respond(exchange, action);
      case 'redirect':
        return void redirect(exchange, facts, action);
      case 'forward': {
        const target = this.#groups.get(action.targetGroupArn)?.target;
        if (!target) return void exchange.page(503);
        if (target instanceof AddressGroup) return void toAddress(exchange, facts, target, this.#forwarding);
        return void toFunction(exchange, facts, target, this.#surroundings.invocations);
      }
    }
  }

  upgrade(at: ListenerServer, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {});
    keepOpen(socket);
    try {
      this.#upgrade(at, request, socket, head);
    } catch (error) {
      this.#surroundings.failed(error);
      socket.destroy();
    }
  }

  #upgrade(at: ListenerServer, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const facts = this.#read(at, request);
    if (typeof facts === 'number') return void refuseUpgrade(at, socket, facts);
    const action = this.#choose(at, facts);
    const target = action.does === 'forward' ? this.#groups.get(action.targetGroupArn)?.target : undefined;
    // AWS: upgrades to functions are rejected with 400.
    if (!(target instanceof AddressGroup)) return void refuseUpgrade(at, socket, 400);
    upgradeToAddress(at, facts, target, { request, socket: socket as Socket, head }, this.#forwarding);
  }

  #read(at: ListenerServer, request: IncomingMessage): RequestFacts | ReturnType<typeof readFacts> {
    const { socket } = request;
    const { dropsInvalidHeaders } = at.attributes;
    const facts = readFacts(
      {
        ...{ method: request.method ?? 'GET', target: request.url ?? '/', httpVersion: request.httpVersion },
        ...{ headers: request.rawHeaders, protocol: at.protocol, port: at.port, localAddress: at.address },
        ...{ clientAddress: socket.remoteAddress ?? '', clientPort: socket.remotePort ?? 0 },
      },
      dropsInvalidHeaders,
    );
    if (typeof facts !== 'number' && facts.hasInvalidHeaders) {
      at.counts.add(`${dropsInvalidHeaders ? 'Dropped' : 'Forwarded'}InvalidHeaderRequestCount`);
    }
    return facts;
  }

  #choose(at: ListenerServer, facts: RequestFacts): Action {
    const { action, evaluations } = at.rules(facts);
    if (evaluations > 0) at.counts.add('RuleEvaluations', evaluations);
    return action;
  }

  #close(key: string): void {
    const server = this.#servers.get(key)!;
    this.#servers.delete(key);
    this.#failures.delete(key);
    const leaving = server.close().finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  #updateGroups(balancer: Balancer, known: readonly GroupHealth[]): void {
    const { invocations, reportHealth, hello } = this.#surroundings;
    const wanted = new Map(balancer.targetGroups.map((group) => [group.arn, group]));
    this.#address = balancer.addresses[0]?.address ?? '';
    for (const [arn, { target }] of [...this.#groups]) {
      const group = wanted.get(arn);
      const isSame =
        group?.type === 'address'
          ? target instanceof AddressGroup && target.settings.protocol === group.protocol
          : group?.type === 'lambda' && !(target instanceof AddressGroup);
      if (!isSame) this.#dropGroup(arn);
    }
    for (const [arn, group] of wanted) {
      const running = this.#groups.get(arn);
      const checks =
        running?.checks ??
        new HealthChecks(
          group,
          {
            invocations,
            report: reportHealth,
            sourceFor: (address) => sourceAddress(hello.network, this.#address, address),
          },
          known.find(({ targetGroupArn }) => targetGroupArn === arn),
        );
      if (running) checks.update(group);
      if (group.type === 'lambda') this.#groups.set(arn, { target: group, checks });
      else if (running?.target instanceof AddressGroup) running.target.update(group);
      else this.#groups.set(arn, { checks, target: new AddressGroup(group, (key) => checks.isHealthy(key)) });
    }
  }

  #dropGroup(arn: string): void {
    const { target, checks } = this.#groups.get(arn)!;
    checks.stop();
    if (target instanceof AddressGroup) target.close();
    this.#groups.delete(arn);
  }
}

/** AWS: a fixed response. */
function respond(exchange: Exchange, action: Extract<Action, { does: 'respond' }>): void {
  const { status, contentType = 'text/plain', body = '' } = action;
  exchange.site.counts.add('HTTP_Fixed_Response_Count');
  const type = contentType.includes('charset') ? contentType : `${contentType}; charset=utf-8`;
  exchange.own(status, undefined, ['Content-Type', type], Buffer.from(body));
}

function redirect(
  exchange: Exchange,
  facts: RequestFacts,
  action: Extract<Action, { does: 'redirect' }>,
): void {
  const location = locationOf(action, facts);
  if (location.length > MOST_LOCATION_BYTES) {
    exchange.site.counts.add('HTTP_Redirect_Url_Limit_Exceeded_Count');
    return void exchange.page(507);
  }
  exchange.site.counts.add('HTTP_Redirect_Count');
  exchange.page(action.status, ['Location', location]);
}
