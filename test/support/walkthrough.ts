// The environment of a walkthrough: the real program, detached, with its own data directory, and commands run through
// `millpond exec` as a reader of the walkthrough types them.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { MillpondStatus } from '../../src/status.ts';
import { MILLPOND, runCommand } from './command.ts';
import { AWS_CLI_FOLDER, WITHOUT_PYTHON_CLIENTS, withoutProgram } from './outside-clients.ts';

/** A terminal of the reader. */
export interface Shell {
  /** Runs a command in which the names resolve. Returns its whole output; the command may fail. */
  type(...command: string[]): Promise<string>;
  /** Runs one command of redis-cli, with the output of its interactive mode. */
  redis(host: string, ...words: string[]): Promise<string>;
  nslookup(name: string): Promise<NameAnswer>;
}

/** A running Millpond and the reader's terminal. */
export interface Walkthrough extends Shell {
  dataDir: string;
  status(): Promise<MillpondStatus>;
  /** A session through `millpond ssm start-session`. */
  onInstance(instanceId: string): Shell;
  /** Runs an AWS CLI command, which must succeed. Returns its JSON, or `undefined` when it prints none. */
  // biome-ignore lint/suspicious/noExplicitAny: the answers of any operation
  aws(service: string, ...words: string[]): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: the answers of any operation
  elasticache(...words: string[]): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: the answers of any operation
  ec2(...words: string[]): Promise<any>;
}

/** The output of nslookup. */
export interface NameAnswer {
  server: string;
  /** The CNAME of the name; absent when the name itself has addresses. */
  canonicalName: string | undefined;
  addresses: string[];
}

/** The `skip` of a walkthrough's test: what this machine lacks. */
export function whatIsMissing(): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux, for port 53';
  return (
    WITHOUT_PYTHON_CLIENTS ||
    withoutProgram('redis-cli') ||
    withoutProgram('nslookup') ||
    withoutProgram('curl')
  );
}

export async function startWalkthrough(
  t: TestContext,
  region: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Walkthrough> {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-walkthrough-'));
  const dataDir = ['--data-dir', join(parent, 'state')];
  const env = withoutOwnSettings({ AWS_DEFAULT_REGION: region, AWS_PAGER: '', ...environment });
  const millpond = (words: string[]) => runCommand(MILLPOND, words, { env });
  t.after(async () => {
    const { code, stderr } = await millpond(['down', '--purge', ...dataDir]);
    rmSync(parent, { recursive: true, force: true });
    assert.equal(code, 0, stderr);
  });
  const up = await millpond(['up', '--detach', '--port', '0', ...dataDir]);
  assert.equal(up.code, 0, up.stderr);

  const inside = (command: string[]) => millpond(['exec', ...dataDir, '--', ...command]);
  const aws = async (service: string, ...words: string[]) => {
    // The CLI's S3 commands have no output format.
    const format = service === 's3' ? [] : ['--output', 'json'];
    const { code, stdout, stderr } = await inside(['aws', service, ...words, ...format]);
    assert.equal(code, 0, `${words.join(' ')}: ${stderr}`);
    return stdout.trim() && service !== 's3' ? JSON.parse(stdout) : undefined;
  };
  const here = shellOf(async (...command) => {
    const { stdout, stderr } = await inside(command);
    return (stdout + stderr).trim();
  });
  return {
    dataDir: join(parent, 'state'),
    async status() {
      const { stdout } = await millpond(['status', '--json', ...dataDir]);
      return JSON.parse(stdout) as MillpondStatus;
    },
    ...here,
    onInstance: (instanceId) =>
      shellOf(async (...command) => {
        const line = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
        const session = ['ssm', 'start-session', '--target', instanceId, '--command', line];
        // Messages about the session itself go to standard error.
        const { stdout } = await millpond([...session, ...dataDir]);
        return stdout.trim();
      }),
    aws,
    elasticache: (...words) => aws('elasticache', ...words),
    ec2: (...words) => aws('ec2', ...words),
  };
}

const shellOf = (type: Shell['type']): Shell => ({
  type,
  redis: (host, ...words) => type('redis-cli', '--no-raw', '-h', host, '-p', '6379', ...words),
  nslookup: async (name) => readNslookup(await type('nslookup', name)),
});

/** The environment without the tests' own credentials, profiles and indexes: `exec` sets what is missing. */
function withoutOwnSettings(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|MILLPOND|PIP)_/.test(name));
  return { ...Object.fromEntries(kept), PATH: `${AWS_CLI_FOLDER}${delimiter}${process.env.PATH}`, ...more };
}

function readNslookup(text: string): NameAnswer {
  const [head = '', answer = ''] = text.split('Non-authoritative answer:');
  const server = /^Server:\s*(\S+)$/m.exec(head)?.[1];
  assert.ok(server && answer, `an answer as a VPC's resolver gives it, not:\n${text}`);
  return {
    server,
    canonicalName: /canonical name = (\S+)\.$/m.exec(answer)?.[1],
    addresses: [...answer.matchAll(/^Address: (\S+)$/gm)].map((found) => found[1]!),
  };
}
