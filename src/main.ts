// The composition root: builds, starts and stops all parts. It connects them and contains no behaviour of theirs.

import { mkdirSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import type { Server } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { certificateNames } from './aws/hosts.ts';
import { type Config, PREPARED_PYTHON, parseConfig, refuseOwnEndpoints } from './config.ts';
import { consoleRoutes } from './console/routes.ts';
import { awsZones } from './dns/aws-zones.ts';
import { hostZone } from './dns/host-zone.ts';
import { instanceZones } from './dns/instance-zones.ts';
import { loopbackZones } from './dns/loopback-zones.ts';
import { type DnsServerOptions, startDnsServer } from './dns/server.ts';
import { isOfSameUser, runningStandIn } from './dns/stand-in/record.ts';
import { armStandIn, endStandIn } from './dns/stand-in/stand-in.ts';
import { findBinaries } from './drivers/local/binaries.ts';
import { enginePids } from './drivers/local/find-engines.ts';
import { createLocalDriver } from './drivers/local/local-driver.ts';
import { createFleet } from './engine/create-fleet.ts';
import { loadInstanceSecret } from './engine/instance-secret.ts';
import { ADMIN_USER, adminPassword } from './engine/withheld.ts';
import { faultRoutes } from './fault-routes.ts';
import { openFeeds } from './feed/feed-processes.ts';
import { createFeedCalls } from './feed-calls.ts';
import { feedRoutes } from './feed-routes.ts';
import { systemClock } from './kernel/clock.ts';
import { StopStack } from './kernel/disposal.ts';
import { createBoundedServer } from './kernel/http-server.ts';
import { createLog } from './kernel/log.ts';
import { narrowModes } from './kernel/own-files.ts';
import { openLoadBalancers } from './load-balancer/load-balancer-process.ts';
import { machineRoutes, refusalOfMachine } from './machine-routes.ts';
import { awsVariables } from './machines/aws-environment.ts';
import { containerFiles } from './machines/containers/container-files.ts';
import { containersOnDemand } from './machines/containers/on-demand.ts';
import { containerPids } from './machines/containers/own-containers.ts';
import { functionsOnDemand } from './machines/functions/on-demand.ts';
import { instancesOnDemand } from './machines/instances/on-demand.ts';
import { instancePids } from './machines/instances/own-instances.ts';
import { peerAmong } from './machines/peer-among.ts';
import { systemBundle, trusting } from './machines/trust.ts';
import { openCuts } from './network/cuts/cuts.ts';
import { createHeldAddresses } from './network/held-addresses.ts';
import { INNER_PORTS, type NodesLeft } from './network/network.ts';
import { openNetwork } from './network/open-network.ts';
import { groupChecker, subnetFinder } from './services/ec2/interface-subnets.ts';
import { interfaceOpener } from './services/ec2/open-interface.ts';
import { groupStatuses, whyReport } from './services/elasticache/status.ts';
import { createServices } from './services/services.ts';
import { statusRoutes } from './status-routes.ts';
import { openState } from './store/open-state.ts';
import { keepStateBackups } from './store/state-backups.ts';
import { openTlsMaterial } from './tls/material.ts';
import { VERSION } from './version.ts';
import { createHostRule } from './wire/admission/host.ts';
import { startWireServer, type WireServer } from './wire/server.ts';

/** A running Millpond. */
export interface Millpond {
  readonly config: Config;
  readonly port: number;
  readonly dns: { address: string; port: number };
  /** Findings at the start that the user must know, one line each. */
  readonly notices: readonly string[];
  /** The ids of available groups of which some node serves no client now, as after a start. */
  groupsNotServing(): string[];
  /** Stops serving. `stop` also shuts down the nodes gracefully, with their data saved. */
  stop(options: { nodes: 'keep-running' | 'stop' }): Promise<void>;
}

const DNS_PORT = 53;
const HTTPS_PORT = 443;
/** A host name of AWS that leads to Millpond over HTTPS. */
const CUSTOM_RESOURCE_RESPONSES =
  'https://cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com';
/** Arguments of Node; in the published package the program is next to this file. */
const DNS_STAND_IN = [
  '--disable-warning=ExperimentalWarning',
  fileURLToPath(new URL(`./dns-stand-in${extname(import.meta.url)}`, import.meta.url)),
];
/** AWS: the quota of test failovers a day. */
const TEST_FAILOVERS_A_DAY = 15;
/** AWS: a function's package may be 50 MB; in a request it is a third larger. */
const MAX_BODY_BYTES = 72 * 1024 * 1024;

const NO_WAY_OUT = 'Commands and functions in subnets do not reach the outside';

/** How to start. */
export interface StartOptions {
  /**
   * False: running nodes are adopted, but none is started, repaired or changed; used by a Millpond that only stops
   * them. True by default.
   */
  begin?: boolean;
}

/** Resolves when requests are served. Rejects with an OperationalError after releasing everything. */
export async function startMillpond(config: Config, options: StartOptions = {}): Promise<Millpond> {
  refuseOwnEndpoints(config);
  const stack = new StopStack();
  try {
    return await start(config, stack, options);
  } catch (error) {
    await stack.stop().catch(() => undefined);
    throw error;
  }
}

async function start(config: Config, stack: StopStack, { begin = true }: StartOptions): Promise<Millpond> {
  // All files from here on, including the engines', are private to this user.
  process.umask(0o077);
  mkdirSync(config.dataDir, { recursive: true });
  const readableByOthers = await narrowModes(config.dataDir);
  const log = createLog({ level: config.logLevel, file: join(config.dataDir, 'millpond.log') });
  for (const failure of readableByOthers)
    log.warn({}, `other users may be able to read a file of Millpond's; ${failure}`);
  const stateFile = join(config.dataDir, 'state.sqlite');
  const containersDirectory = join(config.dataDir, 'containers');
  const instancesDirectory = join(config.dataDir, 'instances');
  const { store, notice: stateNotice } = openState(stateFile, systemClock.now());
  stack.add({ stop: () => store.close() });
  const backups = stack.add(keepStateBackups({ file: stateFile, clock: systemClock, log }));
  const [binaries, secret, network, tls] = await Promise.all([
    findBinaries(),
    loadInstanceSecret(config.dataDir),
    openNetwork({
      ...{ dataDir: config.dataDir, kind: config.network, block: config.networkBlock, log },
      processes: async () => [
        ...enginePids(config.dataDir),
        ...(await containerPids(containersDirectory)),
        ...(await instancePids(instancesDirectory)),
      ],
      reachHost: config.reachHost,
      hostApi: () => ({ address: config.address, port: server.port }),
      nodeAddresses: () => nodeAddresses().union(addresses.all()),
    }),
    openTlsMaterial({
      ...{ directory: join(config.dataDir, 'tls'), names: certificateNames(), now: systemClock.now(), log },
    }),
  ]);
  const nodeAddresses = () => services.elasticache.endpoints.addresses();
  const addresses = createHeldAddresses(network, nodeAddresses);
  let nodesLeft: NodesLeft = 'as-found';
  stack.add({ stop: () => network.release(nodesLeft) });
  const { serverAddress, inner } = network;
  /** The API's URL where programs have network interfaces. */
  const innerUrl = inner && `http://${serverAddress}:${INNER_PORTS.api}`;
  const { failureDetectionMs } = config;
  const driver = createLocalDriver({ dataDir: config.dataDir, binaries, network, log });
  const fleet = createFleet({ driver, secret, failureDetectionMs, log });
  stack.add({ stop: () => fleet.close() });
  const dns = stack.add(
    await startDnsServer({
      ...{ address: serverAddress, log },
      ...(inner
        ? { opened: later(inner.then((sockets) => sockets.dns)), port: DNS_PORT }
        : await dnsPort(config.dataDir, serverAddress)),
    }),
  );

  const hostAddress = config.reachHost ? (network.hostAddress ?? '127.0.0.1') : undefined;
  const ownZones = [
    ...instanceZones((name) => services.names()[name]),
    ...loopbackZones(inner ? serverAddress : config.address),
    hostZone(hostAddress),
  ];
  for (const zone of ownZones) dns.zones.add(zone);
  // The default directory, too: it may belong to another Millpond.
  const hidden = [config.dataDir, parseConfig({}, { HOME: process.env.HOME }).dataDir];
  const functions = functionsOnDemand({
    ...{ clock: systemClock, log, dns, directory: join(config.dataDir, 'functions') },
    readNames: async () => services.names(),
    covers: async () => (server.https ? [await trusting(tls.authority)] : []),
    hidden,
    preparedPython: PREPARED_PYTHON,
    network: inner && later(inner.then(({ runtime }) => ({ runtime, inside: network.inside }))),
  });
  const containers = containersOnDemand({
    ...{ directory: containersDirectory, log },
    enterNetwork: network.interfaces && network.inside,
  });
  const instances = instancesOnDemand({
    ...{ directory: instancesDirectory, log, hidden },
    enterNetwork: network.interfaces && network.inside,
  });
  const hosts = createHostRule({
    allowedHosts: config.allowedHosts,
    isOwnName: (name) => dns.zones.zoneOf(name) !== undefined,
    serviceOf: (name) => services.serviceOfHost(name),
  });
  const cuts = stack.add(
    openCuts({
      ...{ store, clock: systemClock, log, network },
      nodes: () => services.elasticache.places(),
      subnets: () => services.elasticache.subnets(),
      onChange: () => services.elasticache.cutsChanged(),
    }),
  );
  const services = createServices({
    ...{ store, clock: systemClock, log, secret, dataDir: config.dataDir },
    ...{ endpoints: config.endpoints, region: config.region, zones: dns.zones, url: publicUrl },
    urlForFunctions: () => innerUrl ?? publicUrl(),
    isOwnHost: (host, httpVersion) => hosts(host, httpVersion) === 'own',
    nodes: {
      fleet,
      takeAddress: (cidr, used, quarantined) => network.take(cidr, addresses.all().union(used), quarantined),
      isConfigured: network.isReady,
      ownsAddress: network.owns,
      cuts,
      credentials: { user: ADMIN_USER, password: adminPassword(secret) },
      options: {
        ...config,
        testFailoverQuota: config.testFailoverQuota ? TEST_FAILOVERS_A_DAY : undefined,
      },
    },
    logs: config.logs,
    isDynamoDbThrottled: config.dynamodbThrottle,
    functions,
    ...{ network, addresses },
    commandInterfaces: (scope) => machines.interfacesIn(scope),
    loadBalancers: stack.add(openLoadBalancers({ network, certificate: () => tls, log })),
    containers: async () => containers,
    instances: async () => instances,
    feeds: openFeeds({
      ...{ dataDir: config.dataDir, log },
      callsOf: createFeedCalls((service) => services.client(service)),
    }),
    ...{ enforcement: network.enforcement, outside: network.outside },
    containerFiles: async (machine) =>
      containerFiles(machine, {
        ...{ dnsAddress: dns.address, dnsPort: dns.port },
        readNames: async () => services.names(),
        authority: server.https && tls.authority,
      }),
    openInterface: network.interfaces && interfaceOpener(network.interfaces, () => services.client('ec2')),
    functionEnvironment: ({ accountId, region }) =>
      awsVariables({
        ...{ endpointUrl: innerUrl ?? server.url, region },
        // The access key contains the account.
        credentials: { accessKeyId: accountId, secretAccessKey: 'millpond', sessionToken: 'millpond' },
        certificates: server.https && systemBundle(),
      }),
    instanceEnvironment: ({ region }) =>
      awsVariables({
        ...{ endpointUrl: innerUrl ?? server.url, region },
        certificates: server.https && systemBundle(),
      }),
    ...{ amiImages: config.amiImages, peerAmong },
    cloudformation: {
      unknownResources: config.unknownResources === 'record' ? 'record' : undefined,
      async functionsAnswerAt() {
        const isSeen = server.https && !config.endpoints.lambda && (await functions.seeMounts());
        return isSeen ? CUSTOM_RESOURCE_RESPONSES : innerUrl;
      },
      programsAnswerAt: () => innerUrl && server.url,
    },
  });
  stack.add(services);
  const notices = [...(stateNotice ? [stateNotice] : []), ...(await services.open())];
  const { elasticache } = services;
  // Another EC2 does not report its changes, so its groups are not enforced.
  const networkFacts = config.endpoints.ec2 ? undefined : services.networkRules;
  if (begin) {
    await Promise.all([
      network.enforcement?.begin(networkFacts),
      network.outside?.begin(networkFacts && (async () => (await networkFacts()).routes)),
    ]);
    const wayOut = network.outside?.state();
    if (wayOut?.is === 'missing') notices.push(`${NO_WAY_OUT}: ${wayOut.reason}.`);
  }
  for (const notice of notices) log.warn({ part: 'start' }, notice);
  const statusOrNot = statusRoutes({ status, why, names: services.names }, log);
  const machines = machineRoutes({
    ...{ interfaces: network.interfaces, log, apiUrl: () => innerUrl ?? server.url },
    subnetOf: subnetFinder(services.client('ec2')),
    checkGroups: groupChecker(services.client('ec2')),
  });
  const faultsOrNot = faultRoutes(cuts, log);
  const feedsOrNot = feedRoutes({ feeds: () => elasticache.feeds, store, region: config.region }, log);
  const consoleOrNot = consoleRoutes({
    ...{ client: services.client, region: config.region, clock: systemClock, log },
  });
  const server: WireServer = stack.add(
    await startWireServer({
      services: services.list,
      port: config.port,
      address: config.address,
      defaultRegion: config.region,
      maxBodyBytes: MAX_BODY_BYTES,
      log,
      inner: inner && { server: (await inner).api, url: innerUrl! },
      further: network.servesApi ? { address: serverAddress, port: INNER_PORTS.api } : undefined,
      https: { address: serverAddress, port: HTTPS_PORT, opened: (await inner)?.https, ...tls },
      admission: { hosts, allowedOrigins: config.allowedOrigins },
      webSockets: services.webSockets,
      fallback(request, response, refusal) {
        const refusalOfChange = refusal ?? refusalOfMachine(network.interfaces, request);
        return (
          machines.take(request, response, refusalOfChange) ||
          faultsOrNot(request, response, refusalOfChange) ||
          feedsOrNot(request, response, refusalOfChange) ||
          consoleOrNot(request, response, refusal) ||
          (refusal === undefined && services.take(request, response)) ||
          statusOrNot(request, response, refusal)
        );
      },
    }),
  );
  if (inner) stack.add(serveOn((await inner).metadata, services.serveMetadata));
  const serviceNames = services.list.map(({ name }) => name);
  if (server.https) for (const zone of awsZones(serviceNames, server.https.address)) dns.zones.add(zone);
  // Last: a Millpond that cannot get its port must not start nodes.
  nodesLeft = 'running';
  if (begin) await cuts.begin();
  if (begin) await services.begin();
  await dns.begin();
  const standIn = await armStandIn({
    ...{ dataDir: config.dataDir, logFile: join(config.dataDir, 'millpond.log'), program: DNS_STAND_IN, log },
    procNet: (await inner)?.procNet,
    facts: {
      ...{ dns: { address: dns.address, port: dns.port }, domain: config.domain, region: config.region },
      dnsTtlSeconds: config.dnsTtlSeconds,
      ...(server.https && { https: { services: serviceNames, address: server.https.address } }),
    },
  });
  log.info({ url: server.url, dns: `${dns.address}:${dns.port}`, engines: binaries }, 'ready');

  return {
    config,
    port: server.port,
    dns: { address: dns.address, port: dns.port },
    notices,
    groupsNotServing: () => elasticache.notServing(),
    async stop({ nodes }) {
      await server.stop();
      await services.stop();
      try {
        if (nodes === 'stop') {
          await Promise.all([elasticache.stopNodes(), services.endPrograms()]);
          nodesLeft = 'stopped';
        }
      } finally {
        if (nodes === 'stop') await standIn.dismiss();
        await backups.save();
        await stack.stop();
        if (nodes === 'keep-running') standIn.letBegin();
      }
    },
  };

  /** The API's URL in answers: for all who reach the nodes. */
  function publicUrl(): string {
    return network.servesApi ? `http://${serverAddress}:${INNER_PORTS.api}` : server.url;
  }

  function status() {
    return {
      pid: process.pid,
      version: VERSION,
      url: server.url,
      port: server.port,
      network: network.kind,
      networkSummary: network.summary,
      ...(network.outside && { outside: network.outside.state() }),
      dns: { address: dns.address, port: dns.port },
      ...(server.https && {
        https: { ...server.https, authorityFile: tls.authorityFile, services: serviceNames },
      }),
      domain: config.domain,
      region: config.region,
      engines: binaries,
      failureDetectionMs,
      cuts: cuts.list(),
      notices: services.notices(),
      feeds: elasticache.feeds.views(),
      groups: groupStatuses(elasticache.elasticache, fleet, driver.pid),
      hasInstances: store.holdsAny('ec2/instance'),
      hasStacks: store.holdsAny('cloudformation/'),
    };
  }

  function why(resource: string) {
    return whyReport(elasticache.elasticache, elasticache.controller, resource);
  }
}

/** Serves requests to a server that listens already. */
function serveOn(opened: Server, listener: RequestListener): { stop(): Promise<void> } {
  const server = createBoundedServer(listener);
  opened.on('connection', (socket) => server.emit('connection', socket));
  return {
    async stop() {
      opened.close();
      server.closeAllConnections();
    },
  };
}

/** A promise that is awaited later: if it rejects, `start` rejects with the reason. */
function later<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/**
 * While the stand-in of an earlier Millpond answers DNS, its port is kept, and this one opens it only once all names
 * are known.
 */
async function dnsPort(
  dataDir: string,
  address: string,
): Promise<Pick<DnsServerOptions, 'port' | 'fallbackPort' | 'untilBegin'>> {
  const other = runningStandIn(dataDir);
  if (other?.dns.address === address && isOfSameUser(other)) {
    return { port: other.dns.port, untilBegin: 'other-answers' };
  }
  if (other) await endStandIn(dataDir);
  return { port: DNS_PORT, fallbackPort: 0, untilBegin: 'wait' };
}
