// The record of a node's process, made anew from what its engine was started with and says of itself, where the file is
// lost or damaged. Without it the engine would have to be ended, and its data with it.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AdminConnection, createAdminConnection } from '../../engine/admin-connection.ts';
import { readDirectives } from '../../engine/configuration.ts';
import type { EngineBinary } from '../../engine/fleet.ts';
import { ADMIN_USER, adminPassword, commandNames, WITHHELD_COMMANDS } from '../../engine/withheld.ts';
import { OperationalError } from '../../kernel/errors.ts';
import { CONFIGURATION_FILE, type NodeRecord } from './node-directory.ts';

const ANSWER_MS = 2_000;

/** What the configuration in the directory says; `undefined` when it does not say where its engine listens. */
export async function recordFromConfiguration(
  key: string,
  directory: string,
  binary: EngineBinary,
): Promise<NodeRecord | undefined> {
  const text = await readFile(join(directory, CONFIGURATION_FILE), 'utf8').catch(() => '');
  const directives = readDirectives(text);
  const address = directives.find(([name]) => name === 'bind')?.[1];
  const port = Number(directives.find(([name]) => name === 'port')?.[1]);
  if (!address || !Number.isInteger(port)) return undefined;
  const withheld = new Set<string>(WITHHELD_COMMANDS);
  const renamed = directives.flatMap(([name, command = '', as = '']) =>
    name === 'rename-command' && !withheld.has(command) ? [`${command} ${as}`] : [],
  );
  return { key, address, port, binary, ...(renamed.length > 0 && { renameCommands: renamed.join(' ') }) };
}

/**
 * The record, with the engine as the process names it; `undefined` when another process answers there, or does not take
 * our password. One that does not answer in time may be busy or stopped, and is taken for the one that it should be.
 */
export async function confirmRecord(
  record: NodeRecord,
  pid: number,
  secret: string,
): Promise<NodeRecord | undefined> {
  const { key, address, port, binary, renameCommands = '' } = record;
  const admin: AdminConnection = createAdminConnection(key, () => ({
    ...{ address, port, username: ADMIN_USER, password: adminPassword(secret) },
    names: commandNames(renameCommands, secret),
  }));
  try {
    const asked = [
      ['ACL', 'WHOAMI'],
      ['INFO', 'server'],
    ];
    const [user, info] = await admin.sendAll(asked, { timeoutMs: ANSWER_MS });
    const fields = new Map(
      String(info)
        .split('\r\n')
        .map((line) => line.split(':', 2) as [string, string]),
    );
    if (String(user) !== ADMIN_USER || Number(fields.get('process_id')) !== pid) return undefined;
    const valkey = fields.get('valkey_version');
    const version = valkey ?? fields.get('redis_version') ?? binary.version;
    return { ...record, binary: { ...binary, engine: valkey ? 'valkey' : 'redis', version } };
  } catch (error) {
    return error instanceof OperationalError && error.code === 'TimedOut' ? record : undefined;
  } finally {
    admin.disconnect();
  }
}
