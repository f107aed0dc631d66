// An HTTP endpoint on loopback that subscribes to a topic, confirms the subscription, and records the notifications of
// ElastiCache that it accepted. It can fail, and it can leave a message unanswered.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { SNS } from '@aws-sdk/client-sns';

/** `FailoverComplete: demo-002`. */
export type Told = string;

/** A running subscriber. */
export interface NotificationSubscriber {
  url: string;
  /** The messages that it accepted, in order of arrival, without repetitions. */
  told: Told[];
  /** The number of requests that it has failed. */
  readonly failed: number;
  /** The number of messages received, with repetitions. */
  requests: number;
  /** How often it fails before it accepts a message. */
  failuresEach: number;
  /** Called for each message before the answer: true leaves it unanswered. */
  hold: (told: Told) => boolean;
  /** Resolves when it has accepted this message. */
  until(told: Told): Promise<void>;
}

/** Starts a subscriber, which is stopped when the test ends. */
export async function startNotificationSubscriber(test: TestContext): Promise<NotificationSubscriber> {
  const attempts = new Map<string, number>();
  const waiting = new Set<() => void>();
  let failed = 0;
  const take = (envelope: { MessageId: string; Message: string }, response: ServerResponse) => {
    const [[name, resource] = assert()] = Object.entries(
      JSON.parse(envelope.Message) as Record<string, string>,
    );
    const told = `${name.replace(/^ElastiCache:/, '')}: ${resource}`;
    subscriber.requests++;
    if (subscriber.hold(told)) return;
    const attempt = (attempts.get(envelope.MessageId) ?? 0) + 1;
    attempts.set(envelope.MessageId, attempt);
    if (attempt <= subscriber.failuresEach) {
      failed++;
      response.writeHead(500).end();
      return;
    }
    response.writeHead(200).end();
    if (!subscriber.told.includes(told)) subscriber.told.push(told);
    for (const look of waiting) look();
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const envelope = JSON.parse(Buffer.concat(chunks).toString());
    if (envelope.Type !== 'SubscriptionConfirmation') return take(envelope, response);
    response.writeHead(200).end();
    await (await fetch(envelope.SubscribeURL)).text();
    for (const look of waiting) look();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const subscriber: NotificationSubscriber = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    told: [],
    get failed() {
      return failed;
    },
    requests: 0,
    failuresEach: 0,
    hold: () => false,
    until: (told) =>
      new Promise((resolve) => {
        const look = () => {
          if (!subscriber.told.includes(told)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
  return subscriber;
}

const assert = (): never => {
  throw new Error('a notification without a name');
};

/** An SNS client for this endpoint. */
export const snsClient = (endpoint: string): SNS =>
  new SNS({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });

/** Creates a topic and subscribes the endpoint; failed deliveries are retried at once. */
export async function topicFor(sns: SNS, { url }: NotificationSubscriber): Promise<string> {
  const DeliveryPolicy = JSON.stringify({
    http: { defaultHealthyRetryPolicy: { numRetries: 3, numNoDelayRetries: 3 } },
  });
  const { TopicArn } = await sns.createTopic({ Name: 'cache-events', Attributes: { DeliveryPolicy } });
  await sns.subscribe({ TopicArn, Protocol: 'http', Endpoint: url });
  return TopicArn!;
}
