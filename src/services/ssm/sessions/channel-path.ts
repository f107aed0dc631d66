// Where the data channels of sessions are. Pure; every start reads it.

/** The path of a channel, before the id of its session. */
export const CHANNELS = '/_millpond/data-channel/';

/** The id of the session that a URL names; empty when it names none. */
export function sessionIdIn(url = ''): string {
  const path = url.split('?', 1)[0] as string;
  return path.startsWith(CHANNELS) ? path.slice(CHANNELS.length) : '';
}
