// The route below /_millpond/ that opens a machine for a command of the user: `exec`, `shell`, a session. The answer
// stays open for as long as the command runs; when the client ends it, the machine is given back.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv4 } from 'node:net';
import { accountOfAccessKey } from './aws/access-key.ts';
import { type Scope, scopeKey } from './aws/scope.ts';
import type { ServiceInterface } from './aws/service-interface.ts';
import { OperationalError } from './kernel/errors.ts';
import type { Log } from './kernel/log.ts';
import type { InterfaceSubnet, Interfaces, NetworkInterface } from './network/network.ts';
import { answerJson, jsonOf } from './own-routes.ts';
import type { MachineLease, MachineRequest } from './status.ts';
import { Fault } from './wire/fault.ts';

/** What the route needs. */
export interface MachineSources {
  /** Absent where commands share the network of this host. */
  interfaces: Interfaces | undefined;
  /** The API's URL inside of the network. */
  apiUrl(): string;
  /**
   * The subnet with this id, else the first of the default VPC; `undefined` when there is no default VPC. Rejects with an
   * error of EC2.
   */
  subnetOf(
    scope: Scope,
    subnetId: string | undefined,
  ): Promise<(InterfaceSubnet & { givesPublicAddresses: boolean }) | undefined>;
  /** Rejects with an error of EC2 when there is no such security group, or one is of another VPC. */
  checkGroups(scope: Scope, groupIds: readonly string[], vpcId: string | undefined): Promise<void>;
  log: Log;
}

const PATH = '/_millpond/machines';
const MOST_LEASES = 200;

/**
 * Why a request below /_millpond/ that changes something is refused: it comes from a machine that is not a command of the
 * user, but a function for example. `undefined` for all others.
 */
export function refusalOfMachine(
  interfaces: Interfaces | undefined,
  { method, url, socket }: IncomingMessage,
): string | undefined {
  if (method === 'GET' || !interfaces || !url?.startsWith('/_millpond/')) return undefined;
  const sender = interfaces.list().find(({ address }) => address === socket.remoteAddress);
  if (!sender || sender.isOperator) return undefined;
  return 'Only this host and the commands of its user may change that.';
}

/** Machines of commands. */
export interface MachineRoutes {
  /** For WireServerOptions.fallback: returns true when it answers the request. */
  take(request: IncomingMessage, response: ServerResponse, refusal: string | undefined): boolean;
  /**
   * The interfaces of commands with security groups, for EC2: it neither deletes what they use nor hides them. Sessions
   * of instances have the interface of their instance.
   */
  interfacesIn(scope: Scope): ServiceInterface[];
}

export function machineRoutes(sources: MachineSources): MachineRoutes {
  let leases = 0;
  const open = new Map<string, ServiceInterface[]>();
  const opened: Opened = (scope, one) => {
    const key = scopeKey(scope);
    open.set(key, [...(open.get(key) ?? []), one]);
    return () => {
      const left = open.get(key)!.filter((each) => each !== one);
      if (left.length > 0) open.set(key, left);
      else open.delete(key);
    };
  };

  function take(request: IncomingMessage, response: ServerResponse, refusal: string | undefined): boolean {
    if (request.url !== PATH || request.method !== 'POST') return false;
    if (refusal !== undefined) {
      fail(response, 403, refusal);
      return true;
    }
    if (leases >= MOST_LEASES) {
      fail(response, 503, `There are ${MOST_LEASES} commands in the network already.`);
      return true;
    }
    leases++;
    lease(sources, opened, request, response)
      .catch((error: unknown) => {
        if (response.destroyed) return;
        const isKnown = error instanceof OperationalError || error instanceof Fault;
        if (!isKnown) sources.log.error({ err: error }, 'a machine cannot have a network interface');
        fail(response, isKnown ? 409 : 500, isKnown ? error.message : 'Internal failure; see the log.');
      })
      .finally(() => leases--);
    return true;
  }
  return {
    take,
    interfacesIn(scope) {
      // Several commands at one address share its interface.
      const byKey = new Map(open.get(scopeKey(scope))?.map((one) => [one.key, one]));
      return [...byKey.values()];
    },
  };
}

/** Takes note of an interface; returns what ends that. */
type Opened = (scope: Scope, one: ServiceInterface) => () => void;

/** Resolves when the machine is given back. */
async function lease(
  sources: MachineSources,
  opening: Opened,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const wish = await readWish(request);
  const { interfaces } = sources;
  if (!interfaces)
    throw new OperationalError('NetworkUnavailable', 'Commands share the network of this host.');
  const scope = { accountId: accountOfAccessKey(wish.accessKeyId ?? ''), region: wish.region };
  const subnet = await sources.subnetOf(scope, wish.subnetId);
  if (wish.securityGroupIds) await sources.checkGroups(scope, wish.securityGroupIds, subnet?.vpcId);
  const opened = await interfaces.open({
    subnet,
    address: wish.address,
    isThere: wish.isThere === true,
    securityGroupIds: wish.securityGroupIds ?? [],
    // Somebody who names groups wants to be judged by them.
    isOperator: wish.securityGroupIds === undefined,
    hasPublicAddress: subnet?.givesPublicAddresses ?? false,
  });
  const forget =
    subnet && wish.securityGroupIds && !wish.isInstance && opening(scope, interfaceOf(opened, subnet.id));
  try {
    await opened.ready;
    await answered(response, describe(opened, sources.apiUrl()));
  } finally {
    if (forget) forget();
    await opened.close();
  }
}

const interfaceOf = (
  { address, securityGroupIds }: NetworkInterface,
  subnetId: string,
): ServiceInterface => ({
  ...{ key: `command ${address}`, subnetId, privateIp: address, groupIds: securityGroupIds },
  ...{ description: 'A command of millpond exec', requesterId: 'millpond', type: 'interface' },
  createdAt: Date.now(),
});

const describe = ({ address, resolver, inside }: NetworkInterface, apiUrl: string): MachineLease => ({
  ...{ address, resolver, apiUrl },
  enter: inside([]),
});

/** Sends the lease as a line, and resolves when the connection ends. */
function answered(response: ServerResponse, facts: MachineLease): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    if (response.destroyed) return resolve();
    response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
    response.write(`${JSON.stringify(facts)}\n`);
  });
}

async function readWish(request: IncomingMessage): Promise<MachineRequest> {
  const wish = (await jsonOf(request)) as MachineRequest | null;
  if (typeof wish === 'object' && wish !== null && isWish(wish)) return wish;
  throw new OperationalError(
    'InvalidOption',
    'The request must be a JSON object with a region, and may have a subnet, an IPv4 address in it, and security groups.',
  );
}

function isWish(wish: MachineRequest): boolean {
  const { region, accessKeyId, subnetId, address, securityGroupIds = [], isInstance = false } = wish;
  const isText = (value: unknown) => value === undefined || typeof value === 'string';
  return (
    typeof region === 'string' &&
    [accessKeyId, subnetId, address].every(isText) &&
    (address === undefined || isIPv4(address)) &&
    typeof isInstance === 'boolean' &&
    Array.isArray(securityGroupIds) &&
    securityGroupIds.every((id) => typeof id === 'string')
  );
}

const fail = (response: ServerResponse, code: number, error: string): void =>
  answerJson(response, code, { error }, true);
