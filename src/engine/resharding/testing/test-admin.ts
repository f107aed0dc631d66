// An Admin over a bare ioredis connection, for the tests of resharding. No reconnection, no INFO.

import { Redis } from 'ioredis';
import { type Admin, type Argument, EngineError } from '../../admin.ts';
import { CREDENTIALS, RENAMED_MIGRATE } from './test-cluster.ts';

export type TestAdmin = Admin & { close(): void };

export function connectTestAdmin(address: string, port: number): TestAdmin {
  const client = new Redis({
    host: address,
    port,
    username: CREDENTIALS.user,
    password: CREDENTIALS.password,
    enableReadyCheck: false,
    maxRetriesPerRequest: 20,
    retryStrategy: () => 50,
    // A script or MIGRATE may be answered before the connection drops: it must not run twice.
    autoResendUnfulfilledCommands: false,
  });
  client.on('error', () => {});

  const call = (raw: boolean, command: readonly Argument[]): Promise<unknown> => {
    const [name, ...rest] = command as [string, ...Argument[]];
    const actual = name === 'MIGRATE' ? RENAMED_MIGRATE : name;
    const reply = raw ? client.callBuffer(actual, ...rest) : client.call(actual, ...rest);
    return reply.catch((error: Error) => {
      throw error.name === 'ReplyError' ? new EngineError(error.message) : error;
    });
  };
  const callAll = (raw: boolean, commands: readonly (readonly Argument[])[]): Promise<unknown[]> =>
    Promise.all(
      commands.map((command) =>
        call(raw, command).catch((error: unknown) => {
          if (error instanceof EngineError) return error;
          throw error;
        }),
      ),
    );

  return {
    send: (...command) => call(false, command),
    sendAll: (commands, options) => callAll(options?.binary === true, commands),
    branch: () => connectTestAdmin(address, port),
    observe: () => Promise.reject(new Error('not needed by resharding')),
    close: () => client.disconnect(),
  };
}
