// Repeated requests: one that bears the client token of an earlier one is answered as that was, and changes nothing.
//
// AWS: only some of the operations have a ClientToken, and no client can send one with the others. Callers inside
// Millpond can, and CloudFormation does, so that a step entered twice makes one resource.

import { createHash } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { type Scope, scopeKey } from '../../kernel/scope.ts';
import type { Store } from '../../store/store.ts';
import { Fault } from '../../wire/fault.ts';
import type { Service } from '../../wire/service.ts';

interface TokenRecord {
  token: string;
  /** Of the operation and its input. */
  fingerprint: string;
  output: unknown;
  usedAt: number;
}

const MAKES = /^(Create|Run|Allocate)/;
const MAX_TOKEN_LENGTH = 128;
const MAX_KEPT = 5_000;
const PRUNE_EVERY = 250;
const KEPT_MS = 7 * 24 * 3_600_000;

/** Around every operation that makes something; they must answer at once. */
export function withClientTokens(
  service: Service,
  { store, clock }: { store: Store; clock: Clock },
): Service {
  const records = store.collection<TokenRecord>('ec2/client-token');
  const writes = new Map<string, number>();

  const wrapped = Object.entries(service.operations).map(([name, handle]): [string, typeof handle] => [
    name,
    !MAKES.test(name) || name === 'CreateTags'
      ? handle
      : (input, context) => {
          const token = input.ClientToken;
          if (token === undefined) return handle(input, context);
          if (token.length > MAX_TOKEN_LENGTH) throw tokenTooLong();
          return store.transaction(() => {
            const fingerprint = fingerprintOf(name, input);
            const earlier = records.get(context, token);
            if (earlier && earlier.fingerprint !== fingerprint) throw tokenMismatch();
            if (earlier) return revived(earlier.output);
            const output = handle(input, context);
            records.put(context, token, { token, fingerprint, output: kept(output), usedAt: clock.now() });
            pruneNowAndThen(context);
            return output;
          });
        },
  ]);

  function pruneNowAndThen(scope: Scope): void {
    const key = scopeKey(scope);
    const count = (writes.get(key) ?? 0) + 1;
    writes.set(key, count);
    if (count % PRUNE_EVERY !== 0) return;
    const newestFirst = records.list(scope).sort((a, b) => b.usedAt - a.usedAt);
    const old = newestFirst.filter((one, index) => index >= MAX_KEPT || one.usedAt < clock.now() - KEPT_MS);
    for (const { token } of old) records.delete(scope, token);
  }

  return { ...service, operations: Object.fromEntries(wrapped) };
}

const fingerprintOf = (operation: string, input: object): string =>
  createHash('sha256')
    .update(`${operation} ${JSON.stringify(input)}`)
    .digest('hex');

// JSON has no dates, and answers do.
const DATE = '$date';

function kept(value: unknown): unknown {
  if (value instanceof Date) return { [DATE]: value.getTime() };
  if (Array.isArray(value)) return value.map(kept);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, kept(member)]));
}

function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== 'object' || value === null) return value;
  if (DATE in value) return new Date(value[DATE] as number);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revived(member)]));
}

const tokenMismatch = (): Fault =>
  new Fault(
    'IdempotentParameterMismatch',
    'The client token you have provided is associated with a resource, and the parameters of this request differ from those of the one before.',
  );

const tokenTooLong = (): Fault =>
  new Fault('InvalidParameterValue', `A client token may have at most ${MAX_TOKEN_LENGTH} characters.`);
