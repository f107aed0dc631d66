// Real Redis clients that write through an endpoint during a test, each in its own process in which Millpond's names
// resolve. The programs are in test/conformance/clients; their output lists acknowledged writes and errors.

import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { probeNames, runWithNames } from '../../src/machines/names/run.ts';
import type { TestMillpond } from './millpond.ts';
import {
  findProgram,
  GO_REDIS_COMMAND,
  javaCommand,
  PYTHON,
  pathOfTest,
  WITHOUT_GO_REDIS,
  WITHOUT_JAVA_CLIENTS,
  WITHOUT_PYTHON_CLIENTS,
} from './outside-clients.ts';
import { eventually } from './replication-groups.ts';

/** A running client program. */
export interface Writer {
  readonly name: string;
  /** The numbers of the keys that a replica is known to have: `NAME:N` = N. */
  acknowledged(): number[];
  errors(): string[];
  /** Resolves when `count` further writes have been acknowledged. */
  goesOn(count: number): Promise<void>;
  /** Rejects when the program fails. */
  stop(): Promise<void>;
}

/** The clients on this machine: name and command. */
export async function findWriters(): Promise<[name: string, command: string[]][]> {
  const client = (file: string) => pathOfTest(`conformance/clients/${file}`);
  const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
  return [
    ['ioredis', [...node, client('ioredis-writer.ts')]],
    ['node-redis', [...node, client('node-redis-writer.ts')]],
    ...(WITHOUT_PYTHON_CLIENTS
      ? []
      : [['redis-py', [PYTHON, client('redis_py_writer.py')]] as [string, string[]]]),
    ...(findProgram('redis-cli')
      ? [['redis-cli', ['/bin/sh', client('redis-cli-writer.sh')]] as [string, string[]]]
      : []),
  ];
}

/** The clients in Go and Java. go-redis needs nodes that announce names in cluster mode. */
export const findCompiledWriters = (): [name: string, command: string[]][] => [
  ...(WITHOUT_GO_REDIS ? [] : [['go-redis', GO_REDIS_COMMAND] as [string, string[]]]),
  ...(WITHOUT_JAVA_CLIENTS
    ? []
    : (['Jedis', 'Lettuce'] as const).map((name): [string, string[]] => [
        name.toLowerCase(),
        javaCommand(`${name}Writer`),
      ])),
];

/** Why names cannot be resolved for one program on this machine, or `false`. */
export const whyNoNames = (): Promise<string | false> =>
  probeNames('127.0.0.1').then(
    () => false,
    (error: Error) =>
      process.platform === 'linux' ? `needs namespaces: ${error.message}` : `needs Linux: ${error.message}`,
  );

/** Starts a client and resolves when its first write is acknowledged. */
export async function startWriter(
  millpond: TestMillpond,
  [name, command]: [string, string[]],
  mode: 'primary' | 'configuration',
  host: string,
): Promise<Writer> {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-writer-'));
  const [lines, stop, complaints] = ['lines', 'stop', 'stderr'].map((file) => join(directory, file));
  writeFileSync(lines!, '');
  const stderr = openSync(complaints!, 'w');
  const ended = inNames(
    millpond,
    [...command, mode, host, name, lines!, stop!],
    ['ignore', 'ignore', stderr],
  );
  ended.catch(() => undefined);
  // An aborted test stops nothing itself.
  after(() => {
    if (existsSync(directory)) writeFileSync(stop!, '');
  });

  const all = () => readFileSync(lines!, 'utf8').split('\n');
  const linesOf = (word: string) =>
    all()
      .filter((line) => line.startsWith(`${word} `))
      .map((line) => line.slice(word.length + 1));
  const writer: Writer = {
    name,
    acknowledged: () => linesOf('ack').map(Number),
    errors: () => linesOf('error'),
    async goesOn(count) {
      const before = linesOf('ack').length;
      await eventually(
        `${name} has ${count} more writes acknowledged`,
        () => linesOf('ack').length >= before + count,
      ).catch((error: Error) => {
        throw new Error(`${error.message}; last lines: ${all().slice(-6).join(' | ')}`);
      });
    },
    async stop() {
      writeFileSync(stop!, '');
      const code = await ended;
      closeSync(stderr);
      const text = readFileSync(complaints!, 'utf8');
      rmSync(directory, { recursive: true, force: true });
      if (code !== 0) throw new Error(`${name} ended with ${code}: ${text}`);
    },
  };
  await writer.goesOn(1).catch(async (error: Error) => {
    throw new Error(`${error.message}; ${readFileSync(complaints!, 'utf8')}`);
  });
  return writer;
}

/** Runs a program in which Millpond's names resolve; returns its exit code. */
export const inNames = (
  { dns, url }: TestMillpond,
  command: string[],
  stdio: ['ignore', 'ignore' | number, 'ignore' | number],
): Promise<number> =>
  runWithNames(command, {
    dnsAddress: dns.address,
    dnsPort: dns.port,
    readNames: async () => (await (await fetch(`${url}/_millpond/names`)).json()) as Record<string, string>,
    environment: process.env,
    stdio,
  });
