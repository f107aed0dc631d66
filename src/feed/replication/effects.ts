// Which keys a replicated command changes, and how. A stand-in for the table of the engines' own key specifications.

export type Effect =
  | { kind: 'keys'; keys: readonly { key: Buffer; isDeleted: boolean }[] }
  | { kind: 'flush'; isAll: boolean }
  | { kind: 'swap'; databases: readonly [number, number] }
  | { kind: 'select'; database: number }
  | { kind: 'none' };

export function effectOf(args: readonly Buffer[]): Effect {
  const name = args[0]!.toString('latin1').toUpperCase();
  if (name === 'SELECT') return { kind: 'select', database: Number(args[1]) };
  if (/^(PING|REPLCONF|MULTI|EXEC|PUBLISH|SPUBLISH|SCRIPT|FUNCTION)$/.test(name)) return { kind: 'none' };
  if (name === 'FLUSHALL' || name === 'FLUSHDB') return { kind: 'flush', isAll: name === 'FLUSHALL' };
  if (name === 'DEL' || name === 'UNLINK')
    return { kind: 'keys', keys: args.slice(1).map((key) => ({ key, isDeleted: true })) };
  return { kind: 'keys', keys: [{ key: args[1]!, isDeleted: false }] };
}
