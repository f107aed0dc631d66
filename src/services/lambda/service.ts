// Builds Lambda from its parts, and starts and stops them.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Scope } from '../../aws/scope.ts';
import type { ServiceInterfaces } from '../../aws/service-interface.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Functions } from '../../machines/functions/pool.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import { defineService, type Service } from '../../wire/service.ts';
import type { OpenInterface } from '../manifest.ts';
import { type CodeStore, openCodeStore } from './code/code-store.ts';
import { constraints } from './constraints.ts';
import type { Lambda } from './context.ts';
import type { DeadLetterTargets } from './dead-letters.ts';
import { AWS_RETRIES, openEventQueue, type RetryOptions } from './event-queue.ts';
import { createFunctionUrls } from './function-urls.ts';
import { interfacesOf } from './interfaces.ts';
import { createInvoker } from './invoker.ts';
import { createLogWriter } from './log-writer.ts';
import { createInvocationMetrics } from './metrics.ts';
import { operations } from './operations.ts';
import { createPackageServer } from './package-server.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';
import type { Networks } from './urls-inside.ts';

/** What Lambda needs from its host. */
export interface LambdaDependencies extends DeadLetterTargets {
  store: Store;
  clock: Clock;
  log: Log;
  functions: Functions;
  /** Finds the subnets and security groups of functions. */
  ec2: Client<typeof import('@aws-sdk/client-ec2')>;
  s3: Client<typeof import('@aws-sdk/client-s3')>;
  logs: Client<typeof import('@aws-sdk/client-cloudwatch-logs')>;
  /** Gets metrics of invocations; without it there are none. */
  cloudwatch?: Client<typeof import('@aws-sdk/client-cloudwatch')>;
  /** Code packages are in `code` below this directory. */
  directory: string;
  /** The variables of every function: endpoints, certificates, credentials. */
  environmentOf(scope: Scope): Record<string, string>;
  /** Opens the network interfaces of environments; absent where they share this host's network. */
  openInterface?: OpenInterface | undefined;
  /** Present where functions have a network of their own. */
  networks?: Networks | undefined;
  /** Whether a function URL may be called under this Host header. */
  isOwnHost(host: string | undefined, httpVersion: string): boolean;
  /** The delays of retries; AWS's by default. */
  retries?: RetryOptions;
}

/** The service with its background work. */
export interface LambdaService {
  service: Service;
  serviceInterfaces: ServiceInterfaces;
  /** Opens function URLs and resumes accepted asynchronous invocations. */
  start(): Promise<void>;
  /** Answers a request to the API that is for a function URL or a package; returns false for any other request. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  /** Stops everything, including the functions. Accepted events that are running run again after the next start. */
  stop(): Promise<void>;
}

/** Does no work before `start`. */
export function createLambda(dependencies: LambdaDependencies): LambdaService {
  const { store, clock, functions, ec2, s3 } = dependencies;
  const log = dependencies.log.child({ service: 'lambda' });
  const records = openRecords(store, (hash) => code.abandon(hash));
  const code: CodeStore = openCodeStore({
    root: join(dependencies.directory, 'code'),
    isReferenced: (hash) => records.refersTo(hash),
    log,
  });
  const packages = createPackageServer(code);
  const lambda: Lambda = {
    ...{ store, clock, log, functions, ec2, s3, code, records },
    environmentOf: dependencies.environmentOf,
    openInterface: dependencies.openInterface,
    preparing: new Map(),
    packageUrl: (hash, insideBase) => packages.urlOf(hash, insideBase),
    networks: dependencies.networks,
    isFunctionUrl: (port) => urls.isOpen(port),
    urlsChanged: (scope, name) => urls.follow(scope, name),
    get events() {
      return events;
    },
    invoke: (call) => invoker.invoke(call),
  };
  const logs = createLogWriter(dependencies.logs, log);
  const metrics = createInvocationMetrics({ cloudwatch: dependencies.cloudwatch, clock, log });
  const invoker = createInvoker(lambda, logs, metrics);
  const urls = createFunctionUrls(lambda, invoker, dependencies.isOwnHost);
  const events = openEventQueue(lambda, invoker, {
    targets: dependencies,
    retries: dependencies.retries ?? AWS_RETRIES,
  });
  return {
    service: defineService<Sdk, Lambda>('lambda', lambda, operations, { constraints }),
    serviceInterfaces: async (scope) => interfacesOf(records, scope),
    async start() {
      await records.start();
      await code.start();
      await packages.start();
      await urls.start();
      events.start();
    },
    take: (request, response) =>
      dependencies.networks !== undefined &&
      (urls.take(request, response) || packages.take(request, response)),
    async stop() {
      await events.stop();
      await functions.stop();
      await urls.stop();
      await packages.stop();
      await logs.stop();
      await metrics.stop();
      await code.stop();
    },
  };
}
