import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ENGINES, startBareEngine } from '../../../../test/support/bare-engine.ts';
import { readCommands } from './key-specifications.ts';
import { type Effect, WrittenKeys } from './written-keys.ts';

const known = new WrittenKeys();

function effect(command: string, of = known): Effect {
  return of.effect(command.split(' ').map((word) => Buffer.from(word)));
}

/** `+a -b 3:+c`: written, deleted, written in database 3. */
function keysOf(found: Effect): string {
  assert.equal(found.kind, 'keys', JSON.stringify(found));
  if (found.kind !== 'keys') return '';
  return found.keys
    .map(
      (one) =>
        `${one.database === undefined ? '' : `${one.database}:`}${one.isDeleted ? '-' : '+'}${one.key}`,
    )
    .join(' ');
}

const KEYS: [command: string, keys: string][] = [
  ['SET a 1', '+a'],
  ['set a 1 PXAT 99', '+a'],
  ['hSet a f v', '+a'],
  ['DEL a b a', '-a -b'],
  ['UNLINK a', '-a'],
  ['MSET a 1 b 2 a 3', '+a +b'],
  ['RENAME a b', '-a +b'],
  ['RENAMENX a b', '-a +b'],
  ['COPY a b', '+b'],
  ['COPY a b DB 3 REPLACE', '3:+b'],
  ['COPY a b REPLACE', '+b'],
  ['MOVE a 4', '-a 4:+a'],
  ['SMOVE a b x', '+a +b'],
  ['LMOVE a b LEFT RIGHT', '+a +b'],
  ['LMOVE a a LEFT RIGHT', '+a'],
  ['RPOPLPUSH a b', '+a +b'],
  ['LMPOP 2 a b LEFT', '+a +b'],
  ['SORT a BY store GET STORE LIMIT 0 1 STORE b', '+b'],
  ['SORT a STORE b store c', '+c'],
  ['ZUNIONSTORE a 2 b c', '+a'],
  ['SINTERSTORE a b c', '+a'],
  ['GEORADIUS a 1 2 3 km STORE b', '+b'],
  ['georadiusbymember a m 3 km ASC STOREDIST b', '+b'],
  ['BITOP AND a b c', '+a'],
  ['PFMERGE a b', '+a'],
  ['XADD a * f v', '+a'],
  ['XTRIM a MAXLEN 1', '+a'],
  ['XGROUP CREATE a g $', '+a'],
  ['xgroup destroy a g', '+a'],
  ['XCLAIM a g c 0 1-1', '+a'],
  ['PEXPIREAT a 99', '+a'],
  ['PERSIST a', '+a'],
  ['GETDEL a', '-a'],
  ['RESTORE a 0 x REPLACE', '+a'],
  ['RESTORE-ASKING a 0 x', '+a'],
  ['SPOP a', '+a'],
];

const OTHERS: [command: string, effect: Effect][] = [
  ['SELECT 3', { kind: 'select', database: 3 }],
  ['FLUSHALL ASYNC', { kind: 'flush', isAll: true }],
  ['FLUSHDB', { kind: 'flush', isAll: false }],
  ['SWAPDB 0 1', { kind: 'swap', databases: [0, 1] }],
  ['MULTI', { kind: 'begin' }],
  ['EXEC', { kind: 'end' }],
  ...['PING', 'REPLCONF GETACK *', 'PUBLISH a b', 'SPUBLISH a b', 'SCRIPT FLUSH', 'FUNCTION LOAD x'].map(
    (command): [string, Effect] => [command, { kind: 'none' }],
  ),
  // No arguments, or too few.
  ...['SET', 'MSET', 'SORT a', 'COPY a', 'MOVE', 'LMPOP x a', 'LMPOP 99 a', 'GEORADIUS a 1 2 3 km STORE'].map(
    (command): [string, Effect] => [command, { kind: 'none' }],
  ),
  ['JSON.SET a $ 1', { kind: 'unknown', name: 'json.set' }],
  ['XGROUP', { kind: 'unknown', name: 'xgroup|' }],
  ['EVAL x 0', { kind: 'unknown', name: 'eval' }],
  ['', { kind: 'unknown', name: '' }],
];

describe('the effect of a replicated command', () => {
  for (const [command, keys] of KEYS) {
    test(`${command}: ${keys}`, () => assert.equal(keysOf(effect(command)), keys));
  }
  for (const [command, expected] of OTHERS) {
    test(`${command || 'nothing'}: ${expected.kind}`, () => assert.deepEqual(effect(command), expected));
  }

  test('is known for commands of modules and for renamed ones', () => {
    const index = (at: number) => ['begin_search', ['type', 'index', 'spec', ['index', at]]];
    const range = ['find_keys', ['type', 'range', 'spec', ['lastkey', 0, 'keystep', 1, 'limit', 0]]];
    const answer = [
      [
        Buffer.from('JSON.SET'),
        -4,
        ['write'],
        1,
        1,
        1,
        [],
        [],
        [['flags', ['OW'], ...index(1), ...range]],
        [],
      ],
      ['json.get', -2, ['readonly'], 1, 1, 1, [], [], [['flags', ['RO'], ...index(1), ...range]], []],
    ];
    const own = new WrittenKeys(readCommands(answer), { FLUSHALL: 'x17' });
    assert.equal(keysOf(effect('json.set a $ 1', own)), '+a');
    assert.deepEqual(effect('JSON.GET a', own), { kind: 'none' });
    assert.deepEqual(effect('X17', own), { kind: 'flush', isAll: true });
    assert.deepEqual(readCommands('no list'), {});
  });

  for (const program of ENGINES) {
    test(`has the keys that ${program} says it has`, async () => {
      await using engine = await startBareEngine(program);
      // The engine names keys that the command only might write, and those of COPY's and MOVE's other database alike.
      const comparable = KEYS.filter(([command]) => !/^(MOVE|COPY|SORT)/.test(command));
      for (const [command] of comparable) {
        const found = (await engine.client.call('COMMAND', 'GETKEYSANDFLAGS', ...command.split(' '))) as [
          key: string,
          flags: string[],
        ][];
        const written = found.filter(([, flags]) => !flags.includes('RO')).map(([key]) => key);
        assert.deepEqual(
          keysOf(effect(command)).replaceAll(/[-+]/g, '').split(' '),
          [...new Set(written)],
          command,
        );
      }
      // Every command is known, as an engine that is newer than the record has it.
      const own = new WrittenKeys(readCommands(await engine.client.call('COMMAND')));
      for (const name of (await engine.client.call('COMMAND', 'LIST')) as string[]) {
        const unknown = effect(name, own);
        if (unknown.kind === 'unknown') assert.match(unknown.name, /\||^(eval|evalsha|fcall)$/);
      }
    });
  }
});
