import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { nodeTypeNamed } from '../../engines/domain/node-types.ts';
import { NOT_IN_OPEN_ENGINES } from './directive-table.ts';
import { type EngineTarget, engineDirectives } from './engine-directives.ts';
import { PARAMETER_FAMILIES } from './parameter-families.ts';
import { effectiveParameters } from './parameters.ts';

const target = (engine: 'redis' | 'valkey', version: string, type = 'cache.t4g.micro'): EngineTarget => ({
  engine,
  version,
  nodeType: nodeTypeNamed(type)!,
  capBytes: 64 * 2 ** 20,
});

const directivesOf = (family: string, to: EngineTarget, values: Record<string, string> = {}) =>
  engineDirectives(effectiveParameters(family, false, values), to).directives;

test('directives have the names that the target engine knows', () => {
  const redis6 = target('redis', '6.2.14');
  const redis7 = target('redis', '7.0.15');
  const valkey8 = target('valkey', '8.0.1');
  const valkey9 = target('valkey', '9.0.0');
  assert.equal(directivesOf('redis7', redis6)['hash-max-ziplist-entries'], '512');
  assert.equal(directivesOf('redis7', redis6)['hash-max-listpack-entries'], undefined);
  assert.equal(directivesOf('redis5.0', redis7)['hash-max-listpack-entries'], '512');
  assert.equal(directivesOf('redis2.8', redis7)['min-replicas-max-lag'], '10');
  assert.equal(directivesOf('redis7', redis6)['latency-tracking'], undefined);
  assert.equal(directivesOf('valkey8', redis7)['extended-redis-compatibility'], undefined);
  assert.equal(directivesOf('valkey8', valkey8)['extended-redis-compatibility'], 'yes');
  assert.equal(directivesOf('valkey8', valkey8)['commandlog-large-reply-max-len'], undefined);
  assert.equal(directivesOf('valkey8', target('valkey', '8.1.0'))['commandlog-large-reply-max-len'], '128');
  assert.equal(directivesOf('valkey9', valkey9)['cluster-databases'], '1');
  assert.equal(directivesOf('valkey9', valkey8)['cluster-databases'], undefined);
  assert.equal(directivesOf('valkey8', redis7)['lazyfree-lazy-user-del'], 'yes');
});

test('some values are converted for the engine', () => {
  const directives = directivesOf('redis7', target('redis', '7.0.15', 'cache.r7g.xlarge'), {
    'client-output-buffer-limit-normal-hard-limit': '1000',
    'reserved-memory-percent': '50',
  });
  assert.equal(directives['cluster-preferred-endpoint-type'], 'ip');
  assert.equal(
    directives['client-output-buffer-limit'],
    'normal 1000 0 0 replica 2826184970 2826184970 60 pubsub 33554432 8388608 60',
  );
  assert.equal(directives.maxmemory, String(32 * 2 ** 20));
  assert.equal(directives.maxclients, '65000');
  assert.equal(directivesOf('redis7', target('redis', '7.0.15')).maxclients, '20000');
  for (const name of ['cluster-enabled', 'reserved-memory-percent', 'rename-commands'])
    assert.ok(!(name in directives));
  for (const name of Object.keys(NOT_IN_OPEN_ENGINES)) assert.ok(!(name in directives), name);
});

test('directives that need a restart are not live', () => {
  const { directives, live } = engineDirectives(
    effectiveParameters('redis7', false, { 'rename-commands': 'KEYS blocked' }),
    target('redis', '7.0.15'),
  );
  assert.equal(directives['rename-commands'], 'KEYS blocked');
  const waiting = Object.keys(directives).filter((name) => !live.has(name));
  assert.deepEqual(waiting.sort(), ['activerehashing', 'databases', 'maxclients', 'rename-commands']);
});

for (const engine of ['redis', 'valkey'] as const) {
  const version = installedVersion(engine);
  test(`${engine} accepts every directive of every family`, {
    skip: version === undefined && `needs ${engine === 'valkey' ? 'Valkey' : 'Redis'}`,
  }, async (t) => {
    for (const family of PARAMETER_FAMILIES) {
      const { directives, live } = engineDirectives(
        effectiveParameters(family.name, false, {}),
        target(engine, version!),
      );
      await t.test(family.name, async () => {
        await using server = await startEngine(engine, directives);
        for (const [name, value] of Object.entries(directives)) {
          const held = await server.config('GET', name);
          assert.deepEqual([name, normalised(name, held[1])], [name, normalised(name, value)]);
          if (live.has(name)) assert.equal(await server.config('SET', name, value), 'OK', name);
        }
      });
    }
  });
}

/** Engines return `slave` for `replica`, and reduce maxclients to the host's limit on open files. */
function normalised(name: string, value: string | undefined): string | undefined {
  if (name === 'maxclients') return String(Number(value) > 0);
  return name === 'client-output-buffer-limit' ? value?.replace('slave', 'replica') : value;
}

function installedVersion(engine: string): string | undefined {
  try {
    return /v=(\d+\.\d+\.\d+)/.exec(
      execFileSync(`${engine}-server`, ['--version'], { encoding: 'utf8' }),
    )?.[1];
  } catch {
    return undefined;
  }
}

interface RunningEngine extends AsyncDisposable {
  config(...words: string[]): Promise<string[] & string>;
}

async function startEngine(engine: string, directives: Record<string, string>): Promise<RunningEngine> {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-directives-'));
  const file = join(directory, 'engine.conf');
  const socketPath = join(directory, 'socket');
  const lines = Object.entries(directives).map(([name, value]) => `${name} ${value || '""'}`);
  writeFileSync(file, [`port 0`, `unixsocket ${socketPath}`, 'save ""', ...lines].join('\n'));
  const server = spawn(`${engine}-server`, [file], { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] });
  await untilReady(server);
  const socket = createConnection(socketPath);
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]();
  const line = async () => String((await replies.next()).value);
  return {
    async config(...words) {
      const all = ['CONFIG', ...words];
      socket.write(
        `*${all.length}\r\n${all.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`,
      );
      const head = await line();
      if (!head.startsWith('*')) return head.slice(1) as never;
      const items: string[] = [];
      for (let item = 0; item < Number(head.slice(1)); item++) {
        await line();
        items.push(await line());
      }
      return items as never;
    },
    async [Symbol.asyncDispose]() {
      socket.destroy();
      const exited = once(server, 'exit');
      server.kill('SIGKILL');
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function untilReady(server: ChildProcess): Promise<void> {
  const said: string[] = [];
  for await (const text of createInterface({ input: server.stdout! })) {
    said.push(text);
    if (/accept connections/.test(text)) return;
  }
  throw new Error(`the engine did not start:\n${said.join('\n')}`);
}
