// The client tokens of transactions of the last ten minutes: a transaction that is sent again with its token is not
// carried out again.

import type { Scope } from '../../../aws/scope.ts';
import type { ItemDatabase } from './database.ts';

/** AWS: a token is valid for ten minutes after the request that used it finished. */
const VALID_MS = 10 * 60 * 1000;

/** What is known of a request with a token. */
export interface KnownRequest {
  /** A digest of what it wanted. */
  digest: Buffer;
  /** JSON that the caller stored. */
  capacity: string;
}

/** Tokens by account and region. Writes happen in a transaction. */
export interface Tokens {
  find(scope: Scope, token: string, now: number): KnownRequest | undefined;
  /** Adds a token, and forgets those that are too old. */
  add(scope: Scope, token: string, request: KnownRequest, now: number): void;
}

/** Opens the tokens of a database. */
export function openTokens(database: ItemDatabase): Tokens {
  const select = database.prepare(
    'SELECT digest, capacity FROM request_tokens WHERE account = ? AND region = ? AND token = ? AND at > ?',
  );
  const insert = database.prepare('INSERT OR REPLACE INTO request_tokens VALUES (?, ?, ?, ?, ?, ?)');
  const forget = database.prepare('DELETE FROM request_tokens WHERE at <= ?');
  return {
    find({ accountId, region }, token, now) {
      const row = select.get(accountId, region, token, now - VALID_MS);
      return row && { digest: Buffer.from(row.digest as Uint8Array), capacity: String(row.capacity) };
    },
    add({ accountId, region }, token, { digest, capacity }, now) {
      forget.run(now - VALID_MS);
      insert.run(accountId, region, token, digest, now, capacity);
    },
  };
}
