// An HTTP endpoint on loopback that subscribes itself to a topic, confirms as it is asked to, and remembers the
// notifications of ElastiCache that it took. It can fail, and it can leave a message unanswered.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { SNS } from '@aws-sdk/client-sns';

/** `FailoverComplete: demo-002`. */
export type Told = string;

export interface NotificationSubscriber {
  url: string;
  /** What it answered 200 to, by first appearance, repetitions left out. */
  told: Told[];
  /** How many requests it has answered with a failure. */
  readonly failed: number;
  /** How many messages reached it, repetitions among them. */
  requests: number;
  /** How often it fails before it takes a message. */
  failuresEach: number;
  /** Is asked for each message before it is answered: true leaves it without an answer. */
  hold: (told: Told) => boolean;
  /** Resolves once it has been told this. */
  until(told: Told): Promise<void>;
}

/** Stopped when the test ends. */
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

export const snsClient = (endpoint: string): SNS =>
  new SNS({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });

/** A topic to which the endpoint is subscribed; what fails is tried again at once. */
export async function topicFor(sns: SNS, { url }: NotificationSubscriber): Promise<string> {
  const DeliveryPolicy = JSON.stringify({
    http: { defaultHealthyRetryPolicy: { numRetries: 3, numNoDelayRetries: 3 } },
  });
  const { TopicArn } = await sns.createTopic({ Name: 'cache-events', Attributes: { DeliveryPolicy } });
  await sns.subscribe({ TopicArn, Protocol: 'http', Endpoint: url });
  return TopicArn!;
}
