// Whether something that was ended or deleted left anything: processes, listening ports, files, names.

import type { Resolver } from 'node:dns/promises';
import { existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { GroupStatus } from '../../src/status.ts';
import { hostOf, portOf } from './endpoints-right.ts';
import { processesBelow } from './node-processes.ts';

export async function nothingRunsIn(dataDir: string, groups: GroupStatus[]): Promise<true | string> {
  const left = processesBelow(dataDir);
  if (left.length > 0) return `processes are left: ${left.map(({ pid, name }) => `${name} ${pid}`)}`;
  for (const { members } of groups) {
    for (const { address, endpoint } of members) {
      if (await listens(address, portOf(endpoint))) return `${address} still listens`;
    }
  }
  return true;
}

/** After a delete, with Millpond running. */
export async function nothingIsLeftOf(
  group: GroupStatus,
  dataDir: string,
  resolver: Resolver,
): Promise<true | string> {
  const { members, endpoints } = group;
  for (const { id, address, endpoint } of members) {
    if (await listens(address, portOf(endpoint))) return `${address} still listens`;
    const directories = filesNamed(join(dataDir, 'nodes'), id);
    if (directories.length > 0) return `files are left: ${directories}`;
  }
  const names = [...members.map(({ endpoint }) => endpoint), ...Object.values(endpoints)].map(hostOf);
  for (const name of names) {
    const answer = await resolver.resolve4(name).catch((error: NodeJS.ErrnoException) => error.code);
    if (answer !== 'ENOTFOUND') return `${name} still answers ${answer}`;
  }
  const left = processesBelow(dataDir).filter(({ directory }) =>
    members.some(({ id }) => directory.endsWith(`/${id}`)),
  );
  return left.length === 0 || `processes are left: ${left.map(({ pid, name }) => `${name} ${pid}`)}`;
}

function filesNamed(folder: string, name: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.split('/').at(-1) === name,
  );
}

function listens(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (verdict: boolean) => {
      socket.destroy();
      resolve(verdict);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
