// SNS for tests: a wire server, the SDK's own client, an HTTP subscriber on loopback that records what it receives, and
// a fake Lambda that records its invocations.

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { SNS } from '@aws-sdk/client-sns';
import { NO_QUEUES } from '../../../test/support/no-queues.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { openStore, type Store } from '../../store/store.ts';
import { startWireServer } from '../../wire/server.ts';
import type { LambdaClient } from './delivery/send.ts';
import { createSns, type SnsService } from './service.ts';

/** The credentials of the tests' clients. */
export const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
/** The account and region of the tests. */
export const SCOPE = { accountId: '000000000000', region: 'us-east-1' };

/** One call of the fake Lambda's Invoke. */
export interface Invocation {
  FunctionName: string;
  InvocationType: string;
  event: {
    Records: { EventSource: string; EventSubscriptionArn: string; Sns: Record<string, unknown> }[];
  };
}

/** A running SNS with a client. */
export interface TestSns {
  client: SNS;
  sns: SnsService;
  store: Store;
  url: string;
  invocations: Invocation[];
  /** The errors that the next invocations fail with, in order. */
  lambdaFailures: Error[];
}

/** Starts SNS behind a wire server. It stops when the test ends. */
export async function startTestSns(
  test: TestContext,
  options: { store?: Store; clock?: Clock } = {},
): Promise<TestSns> {
  const store = options.store ?? openStore(':memory:');
  const invocations: Invocation[] = [];
  const lambdaFailures: Error[] = [];
  const lambda = {
    async call(_operation: string, input: { FunctionName: string; InvocationType: string; Payload: Buffer }) {
      const failure = lambdaFailures.shift();
      if (failure) throw failure;
      const { Payload, ...rest } = input;
      invocations.push({ ...rest, event: JSON.parse(Payload.toString()) });
      return { StatusCode: 202 };
    },
  } as unknown as LambdaClient;
  let url = '';
  const sns = createSns({
    ...{ store, clock: options.clock ?? systemClock, log: silentLog, lambda, sqs: NO_QUEUES },
    baseUrl: () => url,
    policySecondMs: 1,
  });
  const server = await startWireServer({
    services: [sns.service],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
    fallback: (request, response) => sns.serveCertificate(request, response),
  });
  url = server.url;
  await sns.start();
  const client = new SNS({ endpoint: url, region: 'us-east-1', credentials: CREDENTIALS, maxAttempts: 1 });
  test.after(async () => {
    client.destroy();
    await server.stop();
    await sns.stop();
    if (!options.store) store.close();
  });
  return { client, sns, store, url, invocations, lambdaFailures };
}

/** One request that the subscriber received. */
export interface Got {
  headers: IncomingHttpHeaders;
  body: string;
}

/** An HTTP endpoint that records its requests. */
export interface Subscriber {
  url: string;
  got: Got[];
  /** The statuses of the next answers; 200 after them. */
  answers: number[];
  /** Answers the request instead, if set. */
  answer?: (response: ServerResponse) => void;
  /** Resolves once the endpoint has received this many requests. */
  until(count: number): Promise<Got[]>;
  json(index: number): Record<string, string>;
}

/** Starts an HTTP endpoint on loopback. It stops when the test ends. */
export async function startSubscriber(test: TestContext): Promise<Subscriber> {
  const got: Got[] = [];
  const answers: number[] = [];
  let look = () => {};
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (subscriber.answer) subscriber.answer(response);
    else {
      const status = answers.shift() ?? 200;
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
    }
    got.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    look();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const subscriber: Subscriber = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    got,
    answers,
    until: (count) =>
      new Promise((resolve) => {
        look = () => {
          if (got.length >= count) resolve(got);
        };
        look();
      }),
    json: (index) => JSON.parse(got[index]!.body),
  };
  return subscriber;
}

/** Subscribes the endpoint and confirms with the link that it received. Returns the subscription's ARN. */
export async function subscribeHttp(
  { client }: TestSns,
  subscriber: Subscriber,
  TopicArn: string,
  Attributes: Record<string, string> = {},
): Promise<string> {
  const before = subscriber.got.length;
  const { SubscriptionArn } = await client.subscribe({
    ...{ TopicArn, Protocol: 'http', Endpoint: subscriber.url, Attributes },
    ReturnSubscriptionArn: true,
  });
  await subscriber.until(before + 1);
  const confirmed = await fetch(subscriber.json(before).SubscribeURL!);
  await confirmed.text();
  if (!confirmed.ok) throw new Error(`not confirmed: ${confirmed.status}`);
  return SubscriptionArn!;
}
