// A Lambda for tests: the real sandbox and store, other services as recorders, a wire server and the SDK's own
// client.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { zip } from '../../kernel/zip.ts';
import { createFunctions, type FunctionsOptions } from '../../machines/functions/pool.ts';
import { openStore } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import { Fault } from '../../wire/fault.ts';
import { startWireServer } from '../../wire/server.ts';
import type { Service } from '../../wire/service.ts';
import { createLambda } from './service.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/test';
export type LoggedEvent = { group: string; stream: string; message: string };

export interface TestLambda {
  client: LambdaClient;
  service: Service;
  logged: LoggedEvent[];
  /** What was sent to queues and topics: the operation and its input. */
  sent: [operation: string, input: Record<string, unknown>][];
  objects: Map<string, Buffer>;
  directory: string;
  /** Ends the service as a kill would: the files on disk stay. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestLambda(
  sandbox: Pick<FunctionsOptions, 'initLimitMs'> = {},
): Promise<TestLambda> {
  const directory = await mkdtemp(join(tmpdir(), 'millpond-lambda-'));
  const logged: LoggedEvent[] = [];
  const objects = new Map<string, Buffer>();
  const sent: TestLambda['sent'] = [];
  const build = async () => {
    const functions = await createFunctions({
      directory: join(directory, 'functions'),
      clock: systemClock,
      log: silentLog,
      pythonPackages: [],
      ...sandbox,
    });
    const store = openStore(join(directory, 'state.sqlite'));
    const lambda = createLambda({
      ...{ store, clock: systemClock, log: silentLog, functions, directory },
      ec2: pretendEc2(),
      s3: pretendS3(objects),
      logs: pretendLogs(logged),
      ...{ sqs: pretendTarget(sent), sns: pretendTarget(sent) },
      environmentOf: ({ accountId }) => ({ AWS_ACCESS_KEY_ID: accountId, AWS_SECRET_ACCESS_KEY: 'secret' }),
      isOwnHost: (host) => !host?.endsWith('.example'),
      retries: { retryAfterMs: [1, 1] },
    });
    await lambda.start();
    const server = await startWireServer({
      services: [lambda.service],
      port: 0,
      defaultRegion: 'us-east-1',
      log: silentLog,
    });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new LambdaClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials,
      maxAttempts: 1,
    });
    return { store, lambda, server, client };
  };
  let parts = await build();
  const end = async () => {
    parts.client.destroy();
    await parts.server.stop();
    await parts.lambda.stop();
    parts.store.close();
  };
  const test: TestLambda = {
    client: parts.client,
    service: parts.lambda.service,
    ...{ logged, sent, objects, directory },
    async restart() {
      await end();
      parts = await build();
      test.client = parts.client;
      test.service = parts.lambda.service;
    },
    async stop() {
      await end();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return test;
}

/** Every subnet and group exists, in one VPC. */
function pretendEc2() {
  const call = async (_operation: string, input: { SubnetIds?: string[]; GroupIds?: string[] }) => ({
    Subnets: input.SubnetIds?.map((SubnetId) => ({ SubnetId, VpcId: 'vpc-1' })),
    SecurityGroups: input.GroupIds?.map((GroupId) => ({ GroupId, VpcId: 'vpc-1' })),
  });
  return { call } as unknown as Client<typeof import('@aws-sdk/client-ec2')>;
}

function pretendTarget<M>(sent: TestLambda['sent']): Client<M> {
  const call = async (operation: string, input: Record<string, unknown>) => {
    sent.push([operation, input]);
    return { QueueUrl: `url of ${String(input.QueueName)}` };
  };
  return { call } as unknown as Client<M>;
}

function pretendS3(objects: Map<string, Buffer>) {
  const call = async (_operation: string, input: { Bucket: string; Key: string }) => {
    const Body = objects.get(`${input.Bucket}/${input.Key}`);
    if (!Body) throw new Fault('NoSuchKey', 'The specified key does not exist.');
    return { Body };
  };
  return { call } as unknown as Client<typeof import('@aws-sdk/client-s3')>;
}

function pretendLogs(logged: LoggedEvent[]) {
  const call = async (
    operation: string,
    input: { logGroupName: string; logStreamName: string; logEvents: { message: string }[] },
  ) => {
    if (operation !== 'PutLogEvents') return {};
    for (const { message } of input.logEvents) {
      logged.push({ group: input.logGroupName, stream: input.logStreamName, message });
    }
    return {};
  };
  return { call } as unknown as Client<typeof import('@aws-sdk/client-cloudwatch-logs')>;
}

/** The input of CreateFunction for a Node function with this source. */
export const nodeFunction = (name: string, source: string) => ({
  FunctionName: name,
  Runtime: 'nodejs22.x' as const,
  Handler: 'index.handler',
  Role: ROLE,
  Code: { ZipFile: zip({ 'index.js': source }) },
});
