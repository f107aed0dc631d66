import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Admin, Argument } from './admin.ts';
import { shutDown } from './commands.ts';

async function messagesOf(options: Parameters<typeof shutDown>[1]): Promise<string[][]> {
  const messages: string[][] = [];
  const sendAll = async (commands: readonly (readonly Argument[])[]) => {
    messages.push(commands.map((command) => command.join(' ')));
    return [];
  };
  await shutDown({ sendAll } as unknown as Admin, options);
  return messages;
}

it('refuses clients and shuts an engine down in one message', async () => {
  assert.deepEqual(await messagesOf({ save: true, refuseClients: true, timeoutMs: 1_000 }), [
    ['CONFIG SET bind ', 'CLIENT KILL TYPE normal', 'CLIENT KILL TYPE pubsub', 'SHUTDOWN SAVE'],
  ]);
  assert.deepEqual(await messagesOf({ save: false, timeoutMs: 1_000 }), [['SHUTDOWN NOSAVE']]);
});
