// SNS: topics, subscriptions and messages, sent to functions, to queues and to HTTP endpoints wherever those are. No
// e-mail, no text messages, no FIFO.

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

export interface SnsDependencies {
  store: Store;
  clock: Clock;
  log: Log;
  lambda: LambdaClient;
  sqs: SqsClient;
  /** Of Millpond's API, without a slash at the end; asked for when a message is sent. */
  baseUrl(): string;
  /** How long a second of the delivery policies takes, in milliseconds; 1000 by default. */
  policySecondMs?: number;
}

export interface SnsService {
  service: Service;
  /** Goes on with the messages that earlier runs left. Once `baseUrl` is known. */
  start(): Promise<void>;
  /** What is being sent is sent again after the next start. */
  stop(): Promise<void>;
  /** Resolves once nothing is being sent. For tests. */
  idle(): Promise<void>;
  /** Messages that were given up, oldest first; the last hundred. */
  deadLetters(scope: Scope): DeadLetter<Message>[];
  /** Answers a request for the certificate of the signatures; false when it is for something else. */
  serveCertificate(request: IncomingMessage, response: ServerResponse): boolean;
}

export function createSns(dependencies: SnsDependencies): SnsService {
  const { store, clock, lambda, sqs, policySecondMs = 1_000 } = dependencies;
  const log = dependencies.log.child({ service: 'sns' });
  const records = openRecords(store);
  const signer = createSigner(records, clock);
  const channels = { lambda, sqs, signer, baseUrl: () => dependencies.baseUrl() };
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
