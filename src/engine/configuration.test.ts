import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OWN_DIRECTIVES, readDirectives, renderConfiguration, renderDirective } from './configuration.ts';
import type { NodeSpec } from './fleet.ts';
import { adminPassword, secretNames, userRenames } from './withheld.ts';

const SECRET = 'not a secret';

const spec = (more: Partial<NodeSpec> = {}): NodeSpec => ({
  key: 'a',
  address: '127.5.0.1',
  port: 6379,
  binary: { engine: 'redis', version: '7.0.15' },
  directives: {},
  data: 'keep',
  ...more,
});

const render = (more: Partial<NodeSpec> = {}) => renderConfiguration(spec(more), SECRET, 5_000);

describe('renderConfiguration', () => {
  it('accepts requested directives, except those that Millpond sets', () => {
    const { text, leftOut } = render({
      directives: {
        'maxmemory-policy': 'volatile-lru',
        appendonly: 'yes',
        port: '1',
        user: 'x',
        'Bad Name': '1',
      },
    });
    assert.match(text, /^maxmemory-policy "volatile-lru"$/m);
    assert.doesNotMatch(text, /appendonly "yes"|^port "1"|user x|Bad/m);
    assert.deepEqual(leftOut, ['appendonly', 'port', 'user', 'Bad Name']);
  });

  it('keeps a hostile value inside its word', () => {
    const { text } = render({ directives: { 'maxmemory-policy': 'x"\nrequirepass y\r\\' } });
    assert.match(text, /^maxmemory-policy "x\\x22\\x0arequirepass" "y\\x0d\\x5c"$/m);
    assert.doesNotMatch(text, /^requirepass/m);
  });

  it('has the admin’s password once, where the engine needs it in plain text', () => {
    const { text } = render();
    const password = adminPassword(SECRET);
    assert.equal(text.split(password).length, 2);
    assert.match(text, new RegExp(`^masterauth ${password}$`, 'm'));
  });

  it('has replicaof only with cluster mode off', () => {
    const replicaOf = { address: '127.5.0.9', port: 7000 };
    assert.match(render({ replicaOf }).text, /^replicaof "127.5.0.9" 7000$/m);
    const cluster = { self: 'a', busPort: 1122, epoch: 1, nodes: [] };
    assert.doesNotMatch(render({ replicaOf, cluster }).text, /^replicaof/m);
    assert.match(render({ cluster }).text, /^cluster-node-timeout "5000"$/m);
    const asked = render({ cluster, directives: { 'cluster-node-timeout': '9000' } }).text;
    assert.equal(asked.match(/^cluster-node-timeout.*$/gm)?.join(), 'cluster-node-timeout "9000"');
  });

  it('renames the commands of a parameter group, except withheld ones', () => {
    const { text } = render({ directives: { 'rename-commands': 'KEYS blocked flushall wipe config x' } });
    assert.match(text, /^rename-command "flushall" "wipe"$/m);
    assert.match(text, /^rename-command "keys" "mp[0-9a-f]{64}"$/m);
    assert.match(text, /^user default .* -"?keys"?$/m);
    assert.equal(text.match(/^rename-command "config"/gm)?.length, 1);
    assert.doesNotMatch(text, /^rename-commands/m);
  });
});

it('renderDirective splits words and keeps an empty value', () => {
  assert.equal(renderDirective('a', 'pubsub 1  2'), 'a "pubsub" "1" "2"');
  assert.equal(renderDirective('a', ''), 'a ""');
});

it('the own directives include everything that must not be requested', () => {
  for (const name of [
    'dir',
    'user',
    'masterauth',
    'bind',
    'cluster-config-file',
    'include',
    'rename-command',
  ]) {
    assert.ok(OWN_DIRECTIVES.has(name), name);
  }
});

it('secret names differ by instance and by command, and are stable', () => {
  assert.deepEqual(secretNames('a'), secretNames('a'));
  assert.notEqual(secretNames('a').get('config'), secretNames('b').get('config'));
  assert.equal(new Set(secretNames('a').values()).size, secretNames('a').size);
  assert.deepEqual(userRenames('get', 'a').names.size, 0, 'half a pair is none');
});

it('reads its own output', () => {
  const hostile = 'a"b \\x41 ü';
  assert.deepEqual(readDirectives(`bind "127.0.0.1"\n${renderDirective('x', hostile)}\nsave ""\n`), [
    ['bind', '127.0.0.1'],
    ['x', ...hostile.split(' ')],
    ['save', ''],
  ]);
});
