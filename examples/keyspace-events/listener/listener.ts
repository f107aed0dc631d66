// A listener as most people write it first: it subscribes to the keyspace events of a cache, reads the hash that has
// changed, and invokes a function with it. README.md says what it misses.

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Redis } from 'ioredis';

const { CACHE, CACHE_PORT = '6379', FUNCTION, COMMANDS = 'hset' } = process.env;
if (!CACHE || !FUNCTION) throw new Error('Set CACHE to the host name of the cache, and FUNCTION to an ARN.');

const commands = COMMANDS.split(',');
const cache = new Redis({ host: CACHE, port: Number(CACHE_PORT) });
const lambda = new LambdaClient({});

async function save(key: string): Promise<void> {
  const body = JSON.stringify(await cache.hgetall(key));
  const Payload = JSON.stringify({ id: key, obj_name: key, body });
  const answer = await lambda.send(new InvokeCommand({ FunctionName: FUNCTION, Payload }));
  console.log(key, answer.FunctionError ?? answer.Payload?.transformToString());
}

const events = cache.duplicate();
events.on('pmessage', (_pattern: string, channel: string, key: string) => {
  const command = channel.slice(channel.indexOf(':') + 1);
  console.log(command, key);
  if (commands.includes(command)) save(key).catch((error: Error) => console.error(key, error.message));
});
events.psubscribe('__keyevent@0__:*').then(() => console.log('Listening…'));
