// SNS: topics, subscriptions and messages, which are delivered to Lambda functions, SQS queues and HTTP endpoints.
// There is no e-mail, no text messages and no FIFO topics.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Scope } from '../../aws/scope.ts';
import type { DeadLetter } from '../../control/outbox.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { Sns } from './context.ts';
import { openDeliveries } from './delivery/deliveries.ts';
import { type LambdaClient, type SqsClient, send, sendToDeadLetters } from './delivery/send.ts';
import { createSigner } from './delivery/signer.ts';
import { dialect } from './dialect.ts';
import type { Message } from './domain/model.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';

/** What `createSns` needs. */
export interface SnsDependencies {
  store: Store;
  clock: Clock;
  log: Log;
  lambda: LambdaClient;
  sqs: SqsClient;
  /** The base URL of Millpond's API, without a slash at the end. It is read each time a message is sent. */
  baseUrl(): string;
  /** The same where functions run; `baseUrl` by default. */
  urlForFunctions?(): string;
  /** Length of one second of a delivery policy, in milliseconds; 1000 by default. Tests shorten it. */
  policySecondMs?: number;
}

/** SNS as the manifest runs it: the operations, and the deliveries in the background. */
export interface SnsService {
  service: Service;
  /** Resumes the deliveries that earlier runs left unfinished. Call it once `baseUrl` is known. */
  start(): Promise<void>;
  /** Stops all deliveries. A delivery that is interrupted is sent again after the next start. */
  stop(): Promise<void>;
  /** Resolves once no delivery is in progress. For tests. */
  idle(): Promise<void>;
  /** The last hundred messages that were given up, oldest first. */
  deadLetters(scope: Scope): DeadLetter<Message>[];
  /** Answers a request for the signing certificate; returns false for any other request. */
  serveCertificate(request: IncomingMessage, response: ServerResponse): boolean;
}

/** Builds SNS over a store. Nothing is delivered before `start`. */
export function createSns(dependencies: SnsDependencies): SnsService {
  const { store, clock, lambda, sqs, policySecondMs = 1_000 } = dependencies;
  const log = dependencies.log.child({ service: 'sns' });
  const records = openRecords(store);
  const signer = createSigner(records, clock);
  const channels = {
    ...{ lambda, sqs, signer },
    baseUrl: () => dependencies.baseUrl(),
    urlForFunctions: () => (dependencies.urlForFunctions ?? dependencies.baseUrl)(),
  };
  const deliveries = openDeliveries({
    ...{ store, records, clock, log, policySecondMs },
    send: (delivery) => send(channels, delivery),
    sendToDeadLetters: (delivery, queueArn) => sendToDeadLetters(channels, delivery, queueArn),
  });
  return {
    service: defineService<Sdk, Sns>('sns', { store, records, clock, log, deliveries }, operations, {
      constraints,
      dialect,
    }),
    async start() {
      deliveries.start();
    },
    stop: () => deliveries.stop(),
    idle: () => deliveries.idle(),
    deadLetters: (scope) => deliveries.deadLetters(scope),
    serveCertificate: (request, response) => signer.serveCertificate(request, response),
  };
}
