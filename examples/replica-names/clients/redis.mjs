// One question to a Redis server over a connection of its own, by name, looked up anew each time.

import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';

const LIMIT_MS = 2_000;
const PORT = 6379;

export const addressOf = async (name) => (await lookup(name, { family: 4 })).address;

/** INFO's fields, and the address of who gave them. Rejects when there is no answer, or an error, within two seconds. */
export async function askInfo(name, section) {
  const { address, answer } = await ask(name, `INFO ${section}`);
  const fields = [...answer.matchAll(/^([a-z_0-9]+):(.*?)\r?$/gm)].map(([, key, value]) => [key, value]);
  return { address, fields: Object.fromEntries(fields) };
}

/** The bulk string that the command is answered with. */
export async function ask(name, command) {
  const address = await addressOf(name);
  const socket = connect({ host: address, port: PORT });
  const limit = setTimeout(() => socket.destroy(new Error('no answer in time')), LIMIT_MS);
  try {
    socket.write(`${command}\r\n`);
    let answer = '';
    for await (const chunk of socket.setEncoding('latin1')) {
      answer += chunk;
      const whole = bulkIn(answer);
      if (whole !== undefined) return { address, answer: whole };
    }
    throw new Error('closed before it answered');
  } finally {
    clearTimeout(limit);
    socket.destroy();
  }
}

/** `undefined` while there is more to come. */
function bulkIn(answer) {
  const end = answer.indexOf('\r\n');
  if (end < 0) return undefined;
  const head = answer.slice(0, end);
  const length = Number(head.slice(1));
  if (head === '$-1') return '';
  if (head[0] !== '$' || !Number.isSafeInteger(length)) throw new Error(head);
  return answer.length >= end + 2 + length ? answer.slice(end + 2, end + 2 + length) : undefined;
}
