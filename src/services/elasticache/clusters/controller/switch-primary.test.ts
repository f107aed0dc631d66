import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Admin, Argument, EngineView } from '../../../../engine/admin.ts';
import { switchPrimary } from './switch-primary.ts';

const OFFSET = 42;
const OPTIONS = { keepClients: false };

/** A node that accepts every command and logs it. `answer` can replace the reply, or throw. */
function party(name: string, log: string[], role: EngineView['role'], answer?: (command: string) => unknown) {
  const say = (words: readonly Argument[]): unknown => {
    const command = words.join(' ');
    if (!command.startsWith('INFO')) log.push(`${name}: ${command}`);
    const given = answer?.(command);
    if (given !== undefined) return given;
    const field =
      role === 'primary' ? 'role:master\r\nmaster_repl_offset' : 'role:slave\r\nslave_repl_offset';
    return command.startsWith('INFO') ? `# Replication\r\n${field}:${OFFSET}\r\n` : 'OK';
  };
  const admin = {
    send: async (...words: Argument[]) => say(words),
    sendAll: async (commands: readonly (readonly Argument[])[]) => commands.map(say),
    observe: async () => ({ role, offset: OFFSET }) as EngineView,
  } as unknown as Admin;
  return { admin, address: `127.0.0.${name}`, port: 6379 };
}

test('writes pause, the old primary is demoted, the new one promoted, and then clients are disconnected', async () => {
  const log: string[] = [];
  const recordChange = () => void log.push('the names change');
  await switchPrimary(party('1', log, 'primary'), party('2', log, 'replica'), { ...OPTIONS, recordChange });
  assert.deepEqual(log, [
    '1: CLIENT PAUSE 2000 WRITE',
    '1: REPLICAOF 127.0.0.2 6379',
    '2: REPLICAOF NO ONE',
    'the names change',
    '1: CLIENT UNPAUSE',
    '1: CLIENT KILL TYPE normal',
    '1: CLIENT KILL TYPE pubsub',
  ]);
});

test('clients that stay connected are unpaused once the names have changed', async () => {
  const log: string[] = [];
  await switchPrimary(party('1', log, 'primary'), party('2', log, 'replica'), {
    keepClients: true,
    recordChange: () => void log.push('the names change'),
  });
  assert.deepEqual(log.slice(-3), ['2: REPLICAOF NO ONE', 'the names change', '1: CLIENT UNPAUSE']);
});

test('writes are unpaused at once when the successor fails', async () => {
  const log: string[] = [];
  const successor = party('2', log, 'replica', () => {
    throw new Error('it is away');
  });
  await assert.rejects(
    switchPrimary(party('1', log, 'primary'), successor, { ...OPTIONS, recordChange: assert.fail }),
    /it is away/,
  );
  assert.deepEqual(log, ['1: CLIENT PAUSE 2000 WRITE', '1: CLIENT UNPAUSE']);
});
