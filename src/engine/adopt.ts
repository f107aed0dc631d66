// Decides about an engine that was found running under the key of a known node: adopt it or end it.

import { OperationalError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { AdminConnection } from './admin.ts';
import { EngineError } from './admin.ts';
import type { FoundEngine, RunFacts } from './driver.ts';
import { parseInfo } from './info.ts';
import { accessTo, type Node } from './node.ts';
import { ADMIN_USER } from './withheld.ts';

/** What adoption needs of the fleet. */
export interface AdoptContext {
  secret: string;
  log: Log;
  node(key: string): Node;
}

const ANSWER_MS = 2_000;

/** Adopts the engine, or ends it when it cannot be the node's. `isTaken`: the node runs another engine already. */
export async function adoptEngine(
  found: FoundEngine,
  isTaken: boolean,
  { secret, log, node }: AdoptContext,
): Promise<void> {
  const { key, name: run, facts } = found;
  if (found.isRemnant || isTaken) {
    log.warn({ key, run }, 'ending a left-over engine of a node');
    await found.end();
    return;
  }
  const confirmed = found.isRecorded ? facts : facts && (await confirmFacts(found, facts, secret));
  if (!confirmed) {
    log.warn(
      { key, run },
      'ending an engine of a node that Millpond cannot log in to; its data is saved first',
    );
    await found.endGracefully();
    return;
  }
  if (found.isRecorded) log.info({ key, run }, 'adopting a running node');
  else log.warn({ key, run }, 'adopting a running node; the record of its start was lost');
  await node(key).adopt(found, confirmed);
}

/**
 * The facts with the engine name and version from INFO. `undefined` when another engine answers, or when this one
 * rejects our password. An engine that does not answer in time may be busy or stopped; the recorded facts are then
 * believed.
 */
async function confirmFacts(
  found: FoundEngine,
  facts: RunFacts,
  secret: string,
): Promise<RunFacts | undefined> {
  const admin: AdminConnection = found.admin(accessTo(facts, secret));
  try {
    const asked = [
      ['ACL', 'WHOAMI'],
      ['INFO', 'server'],
    ];
    const [user, info] = await admin.sendAll(asked, { timeoutMs: ANSWER_MS });
    if (user instanceof EngineError || info instanceof EngineError) return undefined;
    const fields = parseInfo(String(info));
    if (String(user) !== ADMIN_USER || !found.isSameEngine(fields)) return undefined;
    const valkey = fields.get('valkey_version');
    const version = valkey ?? fields.get('redis_version') ?? facts.binary.version;
    return { ...facts, binary: { ...facts.binary, engine: valkey ? 'valkey' : 'redis', version } };
  } catch (error) {
    return error instanceof OperationalError && error.code === 'TimedOut' ? facts : undefined;
  } finally {
    admin.disconnect();
  }
}
