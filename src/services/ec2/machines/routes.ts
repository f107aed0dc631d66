// What the command line asks about instances, below /_millpond/instances: all of them, the configuration of ssh, and the
// command line that enters one.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ec2 } from '../context.ts';
import { stateView } from '../instances.ts';
import type { Controller } from './controller.ts';
import { reachedInstances } from './names.ts';
import { sshConfig } from './ssh-files.ts';

/** Where the answers come from. */
export interface InstanceSources {
  ec2: Ec2;
  controller: Pick<Controller, 'waits'>;
  knownHosts: string;
}

const PREFIX = '/_millpond/instances';

/** Answers a request for which `isInstancesRequest` holds. */
export function answerInstances(
  sources: InstanceSources,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const url = new URL(request.url ?? '/', 'http://millpond');
  const body = request.method === 'GET' ? bodyOf(sources, url) : undefined;
  const text = JSON.stringify(body ?? { error: 'There is no such resource.' });
  response.writeHead(body === undefined ? 404 : 200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function bodyOf(sources: InstanceSources, url: URL): unknown {
  const { ec2, knownHosts } = sources;
  switch (url.pathname.slice(PREFIX.length)) {
    case '':
      return listOf(sources);
    case '/ssh-config':
      return { text: sshConfig(reachedInstances(ec2), knownHosts, carrierIn(url)) };
    case '/inside':
      return insideOf(ec2, url.searchParams);
    default:
      return undefined;
  }
}

/** The caller's own line, which it gets back. */
const carrierIn = ({ searchParams }: URL): string | undefined =>
  searchParams.get('carrier')?.replace(/[\r\n]+/g, ' ') || undefined;

function listOf({ ec2, controller }: InstanceSources) {
  const reached = new Map(reachedInstances(ec2).map((one) => [one.instance.instanceId, one]));
  return ec2.records.instances.byAnywhere('alive', 'yes').map(({ scope, value }) => {
    const { instanceId, machine, state, stateReason, privateIp } = value;
    const { address, publicName, privateName } = reached.get(instanceId) ?? {};
    return {
      ...{ instanceId, accountId: scope.accountId, region: scope.region, state: stateView(state).Name },
      ...{ privateIp, address, privateName, publicName },
      isMachine: machine !== undefined,
      ...(machine && { sshPort: machine.sshPort, noSsh: machine.noSsh, isReady: machine.isReady === true }),
      reason: stateReason?.message,
      waits: controller.waits(scope, value),
    };
  });
}

/** Empty where nothing of the instance runs. */
interface InsideOf {
  command?: string[];
  isReady?: boolean;
}

/** `id`, `user`, and each `argument` of the command. */
function insideOf(ec2: Ec2, parameters: URLSearchParams): InsideOf | undefined {
  const id = parameters.get('id');
  const user = parameters.get('user');
  const [program, ...args] = parameters.getAll('argument');
  const found = ec2.records.instances.byAnywhere('alive', 'yes').find(({ value }) => value.instanceId === id);
  if (!found || !user || program === undefined) return undefined;
  const live = ec2.machines.live(found.scope, found.value.instanceId);
  if (!found.value.machine) return undefined;
  return live
    ? { command: live.inside(user, [program, ...args]), isReady: found.value.machine.isReady === true }
    : {};
}
