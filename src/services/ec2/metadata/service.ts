// The instance metadata service: who asks, and where it is reached.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../../../kernel/log.ts';
import type { Ec2 } from '../context.ts';
import { loopbackEndpoint, rememberingPeers } from './endpoint.ts';
import { type RoleCallees, roleCredentials } from './role-credentials.ts';
import { type Asking, serveMetadata } from './serve.ts';
import { metadataTokens } from './tokens.ts';

/** What the service needs. */
export interface MetadataDependencies extends RoleCallees {
  secret: string;
  /** Where instances share this host's network: an address of Millpond's own. */
  loopbackAddress: string | undefined;
  /** Which of these processes' machines has opened a connection of this host's loopback. */
  peerAmong(socket: Socket, pids: readonly number[]): Promise<number | undefined>;
  log: Log;
}

/** The metadata service of one Millpond. */
export interface MetadataService {
  serve(request: IncomingMessage, response: ServerResponse): void;
  /** What instances find in their environment. Opens the endpoint. */
  variables(): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

/** Listens nowhere yet. */
export function createMetadataService(ec2: Ec2, dependencies: MetadataDependencies): MetadataService {
  const { secret, loopbackAddress, peerAmong, log, ...callees } = dependencies;
  const parts = { ec2, tokens: metadataTokens(secret), roles: roleCredentials(callees, ec2.clock) };

  const running = () =>
    ec2.records.instances
      .byAnywhere('alive', 'yes')
      .flatMap(({ scope, value }): Asking[] => (value.machine ? [{ scope, instance: value }] : []));

  const idOfPeer = rememberingPeers(async (socket) => {
    if (loopbackAddress === undefined) {
      return running().find(({ instance }) => instance.machine!.address === socket.remoteAddress)?.instance
        .instanceId;
    }
    const machines = running().flatMap(({ scope, instance: { instanceId } }) => {
      const pid = ec2.machines.live(scope, instanceId)?.pid;
      return pid === undefined ? [] : [{ pid, instanceId }];
    });
    const peer = await peerAmong(
      socket,
      machines.map(({ pid }) => pid),
    );
    return machines.find(({ pid }) => pid === peer)?.instanceId;
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = await idOfPeer(request.socket);
    const asking =
      id === undefined ? undefined : running().find(({ instance }) => instance.instanceId === id);
    await serveMetadata(parts, asking, request, response);
  }

  const serve = (request: IncomingMessage, response: ServerResponse): void => void answer(request, response);
  const endpoint = loopbackAddress === undefined ? undefined : loopbackEndpoint(loopbackAddress, serve, log);
  return {
    serve,
    async variables(): Promise<Record<string, string>> {
      const url = await endpoint?.open();
      return url === undefined ? {} : { AWS_EC2_METADATA_SERVICE_ENDPOINT: url };
    },
    stop: async () => endpoint?.close(),
  };
}
