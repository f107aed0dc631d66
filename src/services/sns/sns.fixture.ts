// An SNS for tests: behind a wire server and the SDK's own client, with an HTTP subscriber on loopback that remembers
// what it got, and a Lambda that only remembers.

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

export const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
export const SCOPE = { accountId: '000000000000', region: 'us-east-1' };

export interface Invocation {
  FunctionName: string;
  InvocationType: string;
  event: {
    Records: { EventSource: string; EventSubscriptionArn: string; Sns: Record<string, unknown> }[];
  };
}

export interface TestSns {
  client: SNS;
  sns: SnsService;
  store: Store;
  url: string;
  invocations: Invocation[];
  /** What the next invocations fail with. */
  lambdaFailures: Error[];
}

/** Stopped when the test ends. */
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

export interface Got {
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Subscriber {
  url: string;
  got: Got[];
  /** Statuses of the next answers; 200 afterwards. */
  answers: number[];
  /** How it answers instead, when set. */
  answer?: (response: ServerResponse) => void;
  /** Resolves once it has got so many. */
  until(count: number): Promise<Got[]>;
  json(index: number): Record<string, string>;
}

/** Stopped when the test ends. */
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

/** Subscribes and confirms as an endpoint would, with the link that it was sent. */
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
