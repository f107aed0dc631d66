// The only list of services: builds each with what it needs, tells them of each other, starts and stops them in order.
// What any of them does is in its folder; no other file knows two of them.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { ZoneTable } from '../dns/zone.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Scope } from '../kernel/scope.ts';
import type { Functions } from '../sandbox/functions/pool.ts';
import type { Store } from '../store/store.ts';
import { type Client, createClient } from '../wire/client.ts';
import type { Service } from '../wire/service.ts';
import type { CloudFormationOptions } from './cloudformation/cloudformation.ts';
import { type CloudFormationService, createCloudFormation } from './cloudformation/service.ts';
import { createCloudWatch } from './cloudwatch/service.ts';
import { ec2ResourceTypes } from './ec2/cloudformation.ts';
import { createEc2 } from './ec2/service.ts';
import { createElastiCacheTypes } from './elasticache/cloudformation.ts';
import {
  createElastiCache,
  type ElastiCacheDependencies,
  type ElastiCacheService,
} from './elasticache/service.ts';
import { iamResourceTypes } from './iam/cloudformation.ts';
import { createIam } from './iam/service.ts';
import { lambdaResourceTypes } from './lambda/cloudformation.ts';
import { createLambda } from './lambda/service.ts';
import { logsResourceTypes } from './logs/cloudformation.ts';
import { createLogs } from './logs/service.ts';
import { createRoute53 } from './route53/service.ts';
import { createS3Types } from './s3/cloudformation.ts';
import { createS3 } from './s3/service.ts';
import { snsResourceTypes } from './sns/cloudformation.ts';
import { createSns } from './sns/service.ts';
import { ssmResourceTypes } from './ssm/cloudformation.ts';
import { createSsm } from './ssm/service.ts';
import { sts } from './sts/service.ts';

export interface ServicesDependencies {
  store: Store;
  clock: Clock;
  log: Log;
  /** What is kept encrypted is encrypted with what follows from it. */
  secret: string;
  dataDir: string;
  /** Signing name of a service -> where its calls go instead of to Millpond's own. */
  endpoints: Readonly<Record<string, string>>;
  elasticache: Omit<ElastiCacheDependencies, 'store' | 'clock' | 'log' | 'ec2' | 'sns' | 'cloudwatch'>;
  /** Of requests that are not signed. */
  region: string;
  /** Where the API listens, without a slash at the end; asked for when it does. */
  url(): string;
  /** Where functions run. */
  functions: Functions;
  /** What every function finds in its environment beside its own variables. */
  functionEnvironment(scope: Scope): Record<string, string>;
  cloudformation: CloudFormationOptions;
}

export interface Services {
  /** In the order in which requests without a signature are tried. */
  list: Service[];
  heart: ElastiCacheService;
  cloudformation: CloudFormationService;
  /** All names of all services answer there, now and from now on. */
  answerIn(zones: ZoneTable): void;
  /** Takes a request that is no operation's: true when it did. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  /** To be awaited before a request is answered. */
  open(): Promise<void>;
  /** Goes on with all that was under way; once nothing can keep Millpond from running any more. */
  begin(): Promise<void>;
  /** Everything stays where it is, to go on with at the next start; the nodes run on. */
  stop(): Promise<void>;
}

export function createServices(dependencies: ServicesDependencies): Services {
  const { store, clock, log, secret, dataDir, endpoints } = dependencies;
  const running = new Map<string, Service>();
  /** A neighbour, whether it is built before or after the one that calls it. */
  const clientOf = <M>(name: string): Client<M> => {
    let client: Client<M> | undefined;
    const connect = () => createClient<M>(name, { inProcess: running.get(name), endpoint: endpoints[name] });
    return { call: (...call) => (client ??= connect()).call(...call) };
  };
  const clients = {
    cloudformation: clientOf<typeof import('@aws-sdk/client-cloudformation')>('cloudformation'),
    ec2: clientOf<typeof import('@aws-sdk/client-ec2')>('ec2'),
    elasticache: clientOf<typeof import('@aws-sdk/client-elasticache')>('elasticache'),
    iam: clientOf<typeof import('@aws-sdk/client-iam')>('iam'),
    lambda: clientOf<typeof import('@aws-sdk/client-lambda')>('lambda'),
    cloudwatch: clientOf<typeof import('@aws-sdk/client-cloudwatch')>('monitoring'),
    logs: clientOf<typeof import('@aws-sdk/client-cloudwatch-logs')>('logs'),
    route53: clientOf<typeof import('@aws-sdk/client-route-53')>('route53'),
    s3: clientOf<typeof import('@aws-sdk/client-s3')>('s3'),
    sns: clientOf<typeof import('@aws-sdk/client-sns')>('sns'),
    ssm: clientOf<typeof import('@aws-sdk/client-ssm')>('ssm'),
  };

  const heart = createElastiCache({
    ...{ store, clock, log, ec2: clients.ec2, sns: clients.sns, cloudwatch: clients.cloudwatch },
    ...dependencies.elasticache,
  });
  const s3 = createS3({ store, clock, log, directory: join(dataDir, 's3') });
  const lambda = createLambda({
    ...{ store, clock, log, functions: dependencies.functions, s3: clients.s3, logs: clients.logs },
    cloudwatch: clients.cloudwatch,
    directory: join(dataDir, 'lambda'),
    environmentOf: dependencies.functionEnvironment,
  });
  const sns = createSns({ store, clock, log, lambda: clients.lambda, baseUrl: dependencies.url });
  const route53 = createRoute53({
    ...{ store, clock, ec2: clients.ec2, region: dependencies.region },
    computedRecordSets: () => heart.endpoints.replicaNames(),
  });
  const cloudwatch = createCloudWatch({ store, clock, log });
  const cloudformation = createCloudFormation({
    ...{ store, clock, log, neighbours: clients, options: dependencies.cloudformation },
    types: [
      ...createElastiCacheTypes({
        client: clients.elasticache,
        untilAvailable: endpoints.elasticache ? undefined : heart.elasticache.groups.untilAvailable,
      }),
      ...ec2ResourceTypes(clients.ec2),
      ...iamResourceTypes(clients.iam),
      ...lambdaResourceTypes(clients.lambda),
      ...logsResourceTypes(clients.logs),
      ...createS3Types({ client: clients.s3 }),
      ...snsResourceTypes(clients.sns),
      ...ssmResourceTypes(clients.ssm),
    ],
  });
  const list = [
    heart.service,
    createEc2({ store, clock }),
    sts,
    cloudformation.service,
    lambda.service,
    createSsm({ store, clock, secret }),
    createIam({ store, clock }),
    createLogs({ store, clock }),
    sns.service,
    route53.service,
    cloudwatch.service,
    // Last: whatever has a path could be an object's.
    s3.service,
  ];
  for (const service of list) running.set(service.name, service);
  let stopping: Promise<void> | undefined;

  return {
    list,
    heart,
    cloudformation,
    answerIn(zones) {
      heart.endpoints.answerIn(zones);
      route53.answerIn(zones);
    },
    take: (request, response) => sns.serveCertificate(request, response),
    async open() {
      await Promise.all([s3.start(), heart.adopt()]);
    },
    async begin() {
      heart.begin();
      cloudwatch.start();
      await lambda.start();
      await sns.start();
      await cloudformation.start();
    },
    stop() {
      stopping ??= (async () => {
        await cloudformation.stop();
        await sns.stop();
        await lambda.stop();
        await heart.stop();
        await cloudwatch.stop();
        await s3.stop();
      })();
      return stopping;
    },
  };
}
