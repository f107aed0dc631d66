// The only list of services: how each is built from what it needs, who calls whom, and in which order they start and
// stop. What any of them does is in its folder; no other file knows two of them.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { ResourceType } from '../control/resource-type.ts';
import type { ZoneTable } from '../dns/zone.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Scope } from '../kernel/scope.ts';
import type { Functions } from '../sandbox/functions/pool.ts';
import type { Store } from '../store/store.ts';
import { type Client, createClient } from '../wire/client.ts';
import type { ServedService, Service } from '../wire/service.ts';
import type { CloudFormationOptions } from './cloudformation/cloudformation.ts';
import type { CloudFormationService } from './cloudformation/service.ts';
import { type Builders, deferServices } from './deferred.ts';
import {
  createElastiCache,
  type ElastiCacheDependencies,
  type ElastiCacheService,
} from './elasticache/service.ts';
import { openBuckets } from './s3/buckets.ts';
import type { SnsService } from './sns/service.ts';

export interface ServicesDependencies {
  store: Store;
  clock: Clock;
  log: Log;
  /** What is kept encrypted is encrypted with what follows from it. */
  secret: string;
  dataDir: string;
  /** Signing name of a service -> where its calls go instead of to Millpond's own. */
  endpoints: Readonly<Record<string, string>>;
  elasticache: Omit<ElastiCacheDependencies, 'store' | 'clock' | 'log' | keyof Clients | 'route53Elsewhere'>;
  /** Of requests that are not signed. */
  region: string;
  /** Where the API listens, without a slash at the end; asked for when it does. */
  url(): string;
  /** Whether a Host header is one of Millpond's own. */
  isOwnHost(host: string | undefined, httpVersion: string): boolean;
  /** Where all names of all services answer. */
  zones: ZoneTable;
  /** Where functions run. */
  functions: Functions;
  /** What every function finds in its environment beside its own variables. */
  functionEnvironment(scope: Scope): Record<string, string>;
  cloudformation: CloudFormationOptions;
}

export interface Services {
  /** In the order in which requests without a signature are tried. */
  list: ServedService[];
  heart: ElastiCacheService;
  /** To be awaited before a request is answered. Resolves with what a user has to know, a line each. */
  open(): Promise<string[]>;
  /** Goes on with all that was under way; once nothing can keep Millpond from running any more. */
  begin(): Promise<void>;
  /** Whether S3 has a bucket of this name. */
  hasBucket(name: string): boolean;
  /** Takes a request that is no operation's: true when it did. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  /** Every service, built. */
  loadAll(): Promise<Service[]>;
  /** Everything stays where it is, to go on with at the next start; the nodes run on. */
  stop(): Promise<void>;
}

/** These may have something to go on with, or to answer for, as soon as they keep anything at all. */
const RESUMED = ['lambda', 'sns', 'route53', 'cloudformation'];

/** Whoever calls others stops before them. */
const STOPPED_FIRST_TO_LAST = ['cloudformation', 'sns', 'lambda', 'elasticache', 'monitoring', 's3'];

export function createServices(dependencies: ServicesDependencies): Services {
  const { store, clock, log, secret, dataDir, endpoints, zones } = dependencies;
  const ending = new AbortController();
  const clients = createClients({ endpoints, ending: ending.signal }, (name) => deferred.load(name));
  const heart = createElastiCache({
    ...{ store, clock, log, ...clients, ...dependencies.elasticache },
    route53Elsewhere: endpoints.route53 ? clients.route53 : undefined,
  });
  const buckets = openBuckets(store);
  let sns: SnsService | undefined;
  let cloudformation: CloudFormationService | undefined;

  const builders: Builders = {
    elasticache: async () => heart,
    async ec2() {
      const { createEc2 } = await import('./ec2/service.ts');
      return { service: createEc2({ store, clock }) };
    },
    async sts() {
      return { service: (await import('./sts/service.ts')).sts };
    },
    async cloudformation() {
      const { createCloudFormation } = await import('./cloudformation/service.ts');
      const types = await resourceTypes(clients, {
        untilSettled: endpoints.elasticache ? undefined : heart.elasticache.groups.untilSettled,
      });
      const options = dependencies.cloudformation;
      cloudformation = createCloudFormation({ store, clock, log, neighbours: clients, options, types });
      await cloudformation.start();
      return cloudformation;
    },
    async lambda() {
      const { createLambda } = await import('./lambda/service.ts');
      const lambda = createLambda({
        ...{ store, clock, log, functions: dependencies.functions, ...clients },
        directory: join(dataDir, 'lambda'),
        environmentOf: dependencies.functionEnvironment,
        isOwnHost: dependencies.isOwnHost,
      });
      await lambda.start();
      return lambda;
    },
    async ssm() {
      const { createSsm } = await import('./ssm/service.ts');
      return { service: createSsm({ store, clock, secret }) };
    },
    async iam() {
      const { createIam } = await import('./iam/service.ts');
      return { service: createIam({ store, clock }) };
    },
    async logs() {
      const { createLogs } = await import('./logs/service.ts');
      return { service: createLogs({ store, clock }) };
    },
    async sns() {
      const { createSns } = await import('./sns/service.ts');
      sns = createSns({ store, clock, log, lambda: clients.lambda, baseUrl: dependencies.url });
      await sns.start();
      return sns;
    },
    async route53() {
      const { createRoute53 } = await import('./route53/service.ts');
      const { region } = dependencies;
      const computedRecordSets = () => heart.endpoints.replicaNames();
      const route53 = createRoute53({ store, clock, ec2: clients.ec2, region, computedRecordSets });
      route53.answerIn(zones);
      return route53;
    },
    async monitoring() {
      const { createCloudWatch } = await import('./cloudwatch/service.ts');
      const cloudwatch = createCloudWatch({ store, clock, log });
      cloudwatch.start();
      return cloudwatch;
    },
    // Last: whatever has a path could be an object's.
    async s3() {
      const { createS3 } = await import('./s3/service.ts');
      const s3 = createS3({ store, clock, log, directory: join(dataDir, 's3') });
      await s3.start();
      return s3;
    },
  };
  const deferred = deferServices(builders);
  let stopping: Promise<void> | undefined;

  return {
    list: deferred.list,
    heart,
    async open() {
      heart.endpoints.answerIn(zones);
      await deferred.load('elasticache');
      return await heart.adopt();
    },
    async begin() {
      heart.begin();
      const resumed = RESUMED.filter((name) => store.holdsAny(`${name}/`));
      await Promise.all(resumed.map(deferred.load));
    },
    hasBucket: (name) => buckets.find(name) !== undefined,
    // A service that gave an address away keeps that, and so is there.
    take: (request, response) =>
      (sns?.serveCertificate(request, response) || cloudformation?.callbacks.take(request, response)) ??
      false,
    loadAll: () => Promise.all(deferred.list.map(({ load }) => load())),
    stop() {
      ending.abort();
      stopping ??= STOPPED_FIRST_TO_LAST.reduce(
        (before, name) => before.then(() => deferred.stop(name)),
        Promise.resolve(),
      );
      return stopping;
    },
  };
}

type Clients = ReturnType<typeof createClients>;

/** How services call each other: in this process, building the one that is called, or at its own endpoint. */
function createClients(
  { endpoints, ending }: { endpoints: Readonly<Record<string, string>>; ending: AbortSignal },
  load: (name: string) => Promise<Service>,
) {
  function clientOf<M>(name: string): Client<M> {
    const endpoint = endpoints[name];
    if (endpoint) return createClient<M>(name, { inProcess: undefined, endpoint, signal: ending });
    let client: Client<M> | undefined;
    return {
      async call(...call) {
        client ??= createClient<M>(name, { inProcess: await load(name) });
        return client.call(...call);
      },
    };
  }
  return {
    cloudwatch: clientOf<typeof import('@aws-sdk/client-cloudwatch')>('monitoring'),
    ec2: clientOf<typeof import('@aws-sdk/client-ec2')>('ec2'),
    elasticache: clientOf<typeof import('@aws-sdk/client-elasticache')>('elasticache'),
    iam: clientOf<typeof import('@aws-sdk/client-iam')>('iam'),
    lambda: clientOf<typeof import('@aws-sdk/client-lambda')>('lambda'),
    logs: clientOf<typeof import('@aws-sdk/client-cloudwatch-logs')>('logs'),
    route53: clientOf<typeof import('@aws-sdk/client-route-53')>('route53'),
    s3: clientOf<typeof import('@aws-sdk/client-s3')>('s3'),
    sns: clientOf<typeof import('@aws-sdk/client-sns')>('sns'),
    ssm: clientOf<typeof import('@aws-sdk/client-ssm')>('ssm'),
  };
}

/** What CloudFormation can make: every service's own types, over that service's API. */
async function resourceTypes(
  clients: Clients,
  elasticache: { untilSettled: ElastiCacheService['elasticache']['groups']['untilSettled'] | undefined },
): Promise<ResourceType[]> {
  const [ec2, cache, iam, lambda, logs, route53, s3, sns, ssm] = await Promise.all([
    import('./ec2/cloudformation.ts'),
    import('./elasticache/cloudformation.ts'),
    import('./iam/cloudformation.ts'),
    import('./lambda/cloudformation.ts'),
    import('./logs/cloudformation.ts'),
    import('./route53/cloudformation.ts'),
    import('./s3/cloudformation.ts'),
    import('./sns/cloudformation.ts'),
    import('./ssm/cloudformation.ts'),
  ]);
  return [
    ...ec2.ec2ResourceTypes(clients.ec2),
    ...cache.createElastiCacheTypes({ client: clients.elasticache, ...elasticache }),
    ...iam.iamResourceTypes(clients.iam),
    ...lambda.lambdaResourceTypes(clients.lambda),
    ...logs.logsResourceTypes(clients.logs),
    ...route53.route53ResourceTypes(clients.route53),
    ...s3.createS3Types({ client: clients.s3 }),
    ...sns.snsResourceTypes(clients.sns),
    ...ssm.ssmResourceTypes(clients.ssm),
  ];
}
