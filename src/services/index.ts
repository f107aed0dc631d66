// The only list of services: builds each with what it needs, tells them of each other, starts and stops them in order.
// What any of them does is in its folder; no other file knows two of them.

import { join } from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Scope } from '../kernel/scope.ts';
import type { Functions } from '../sandbox/functions/pool.ts';
import type { Store } from '../store/store.ts';
import { type Client, createClient } from '../wire/client.ts';
import type { Service } from '../wire/service.ts';
import type { CloudFormationOptions } from './cloudformation/cloudformation.ts';
import { type CloudFormationService, createCloudFormation } from './cloudformation/service.ts';
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
import { createS3Types } from './s3/cloudformation.ts';
import { createS3 } from './s3/service.ts';
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
  elasticache: Omit<ElastiCacheDependencies, 'store' | 'clock' | 'log' | 'ec2'>;
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
    logs: clientOf<typeof import('@aws-sdk/client-cloudwatch-logs')>('logs'),
    s3: clientOf<typeof import('@aws-sdk/client-s3')>('s3'),
    ssm: clientOf<typeof import('@aws-sdk/client-ssm')>('ssm'),
  };

  const heart = createElastiCache({ store, clock, log, ec2: clients.ec2, ...dependencies.elasticache });
  const s3 = createS3({ store, clock, log, directory: join(dataDir, 's3') });
  const lambda = createLambda({
    ...{ store, clock, log, functions: dependencies.functions, s3: clients.s3, logs: clients.logs },
    directory: join(dataDir, 'lambda'),
    environmentOf: dependencies.functionEnvironment,
  });
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
    // Last: whatever has a path could be an object's.
    s3.service,
  ];
  for (const service of list) running.set(service.name, service);
  let stopping: Promise<void> | undefined;

  return {
    list,
    heart,
    cloudformation,
    async open() {
      await Promise.all([s3.start(), heart.adopt()]);
    },
    async begin() {
      heart.begin();
      await lambda.start();
      await cloudformation.start();
    },
    stop() {
      stopping ??= (async () => {
        await cloudformation.stop();
        await lambda.stop();
        await heart.stop();
        await s3.stop();
      })();
      return stopping;
    },
  };
}
