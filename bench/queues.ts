// Messages over HTTP for a second of processor time, next to bare node:http over bare node:sqlite in the same run.

import { once } from 'node:events';
import { forkScript, loadOnce, type Request, send } from './beside-bare.ts';
import type { Bench } from './context.ts';
import { startBenchMillpond } from './millpond.ts';
import { type JudgedRow, p50, row } from './row.ts';

const SECOND_US = 1_000_000;
/** In each round; each has a body of its own, so that none is a duplicate. */
const MESSAGES = 4_000;

const bodiesOf = (round: number): string[] =>
  Array.from({ length: MESSAGES }, (_, index) => `${round} ${index} ${'b'.repeat(300)}`);

/** Rows of sends and receives for a second of processor time. */
export async function measureQueues(bench: Bench): Promise<JudgedRow[]> {
  const { pid, url } = await startBenchMillpond(bench);
  const child = forkScript(bench, 'queue-floor.ts', []);
  const [port] = (await once(child, 'message')) as [number];
  const own = { pid, port: Number(new URL(url).port) };
  const floor = { pid: child.pid!, port };
  const standard = await createQueue(url, 'bench', {});
  const fifo = await createQueue(url, 'bench.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  const cases: [name: string, requests: (round: number) => Request[], floorPath: string][] = [
    [
      'SendMessage',
      (round) =>
        bodiesOf(round).map((MessageBody) => ask('SendMessage', { QueueUrl: standard, MessageBody })),
      '/send',
    ],
    [
      'SendMessage to a FIFO queue',
      (round) =>
        bodiesOf(round).map((MessageBody, index) => {
          const MessageGroupId = `g${index % 10}`;
          return ask('SendMessage', { QueueUrl: fifo, MessageBody, MessageGroupId });
        }),
      '/send',
    ],
    [
      'ReceiveMessage',
      () => [ask('ReceiveMessage', { QueueUrl: standard, VisibilityTimeout: 300 })],
      '/receive',
    ],
  ];
  const rows: JudgedRow[] = [];
  for (const [name, requestsOf, path] of cases) {
    const rates: [number[], number[]] = [[], []];
    const rounds = bench.rounds(5, 3);
    for (let round = 0; round <= rounds; round++) {
      bench.say(`queues: ${name}: ${round} of ${rounds}`);
      const requests = requestsOf(round);
      const bare = requests.map((request) => ({ ...request, path }));
      for (const [index, [server, sent]] of [[own, requests] as const, [floor, bare] as const].entries()) {
        const { cpuUs } = await loadOnce(bench, server, sent, MESSAGES);
        if (round > 0) rates[index]!.push(SECOND_US / cpuUs);
      }
    }
    const [value, bareValue] = rates.map(p50);
    rows.push(
      row(`${name}, for a second of processor time, beside HTTP and SQLite`, value!, '/s', {
        floor: bareValue!,
      }),
    );
  }
  return rows;
}

async function createQueue(url: string, QueueName: string, Attributes: object): Promise<string> {
  const { body } = await send(url, ask('CreateQueue', { QueueName, Attributes }));
  return (JSON.parse(body) as { QueueUrl: string }).QueueUrl;
}

const ask = (operation: string, input: object): Request => ({
  ...{ method: 'POST', path: '/', body: JSON.stringify(input) },
  headers: {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `AmazonSQS.${operation}`,
    'x-amz-date': '20261130T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=bench/20261130/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=00',
  },
});
