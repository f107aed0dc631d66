// Keyspace notifications: their channels, the events that delete a key, and the setting that turns them on. Pure.

/** A notification. */
export interface Notification {
  database: number;
  key: Buffer;
  /** In lower case, `hset`. */
  event: string;
}

const LONGEST_EVENT = 64;
const PREFIX = /^__key(space|event)@(\d+)__:/;

/**
 * `__keyspace@0__:KEY` with the event as the message, or `__keyevent@0__:EVENT` with the key. `undefined` for another
 * channel, which a pattern may match as well.
 */
export function parseNotification(channel: Buffer, message: Buffer): Notification | undefined {
  // The prefix is short, and a key may be long and no text.
  const [prefix, kind, database] = PREFIX.exec(channel.toString('latin1', 0, 64)) ?? [];
  if (prefix === undefined) return undefined;
  const rest = channel.subarray(prefix.length);
  const isSpace = kind === 'space';
  const event = isSpace ? message : rest;
  // Anyone may publish to these channels.
  if (event.length > LONGEST_EVENT) return undefined;
  return { database: Number(database), key: isSpace ? rest : message, event: String(event) };
}

/** Events after which the key is not there. A key that moves to another shard is reported by `del`, too. */
export const DELETES: ReadonlySet<string> = new Set([
  'del',
  'expired',
  'evicted',
  'rename_from',
  'move_from',
]);

/**
 * What a user has to do when the setting reports nothing of the pattern's channels; `undefined` when it does. It needs
 * a channel, K or E, and a class of events.
 */
export function missingSetting(setting: string, pattern: string): string | undefined {
  const channels = [
    ...(mayMatch(pattern, '__keyspace@') ? ['K'] : []),
    ...(mayMatch(pattern, '__keyevent@') ? ['E'] : []),
  ];
  const hasChannel = channels.some((channel) => setting.includes(channel));
  if (hasChannel && /[^KE]/.test(setting)) return undefined;
  const wanted = channels.includes('E') ? 'EA' : 'KA';
  return `notify-keyspace-events is '${setting}', so nothing is reported: set it to ${wanted} or more, in ElastiCache in the parameter group`;
}

/** Whether a pattern may match names that begin like this, judged by its text before the first special character. */
function mayMatch(pattern: string, beginning: string): boolean {
  const literal = /^[^*?[\\]*/.exec(pattern)![0];
  return beginning.startsWith(literal) || literal.startsWith(beginning);
}
