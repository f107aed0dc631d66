import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loopbackAliases } from './host-addresses.ts';

function surroundings(options: { code?: number; interactive?: boolean } = {}) {
  const calls: string[] = [];
  const said: string[] = [];
  const present = new Set(['127.0.0.1']);
  const aliases = loopbackAliases({
    say: (line) => said.push(line),
    run: async (program, args) => {
      calls.push([program, ...args].join(' '));
      return options.code ?? 0;
    },
    present: () => present,
    interactive: options.interactive ?? false,
  });
  return { aliases, calls, said, present };
}

describe('addresses on macOS', () => {
  it('are added by sudo with a message, and only when missing', async () => {
    const { aliases, calls, said, present } = surroundings();
    await aliases.ensure('127.0.0.1');
    assert.deepEqual(calls, []);
    await aliases.ensure('127.9.0.2');
    assert.deepEqual(calls, ['sudo -n ifconfig lo0 alias 127.9.0.2 255.255.255.255']);
    assert.equal(said.length, 1);
    present.add('127.9.0.2');
    await aliases.ensure('127.9.0.2');
    await aliases.release('127.9.0.2');
    await aliases.release('127.0.0.1');
    assert.deepEqual(calls.slice(1), ['sudo -n ifconfig lo0 -alias 127.9.0.2']);
  });

  it('let sudo ask for a password on a terminal', async () => {
    const { aliases, calls } = surroundings({ interactive: true });
    await aliases.ensure('127.9.0.2');
    assert.deepEqual(calls, ['sudo ifconfig lo0 alias 127.9.0.2 255.255.255.255']);
  });

  it('are refused with advice', async () => {
    const { aliases } = surroundings({ code: 1 });
    await assert.rejects(aliases.ensure('127.9.0.2'), {
      code: 'AddressUnavailable',
      message: /sudo ifconfig lo0 alias 127\.9\.0\.2/,
    });
  });
});
