import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineView } from './admin.ts';
import { parseInfo, viewFromInfo } from './info.ts';

const primary = `# Keyspace\r
db0:keys=3,expires=1,avg_ttl=0\r
db1:keys=2,expires=0,avg_ttl=0\r
\r
# Replication\r
role:master\r
connected_slaves:2\r
slave0:ip=127.5.0.2,port=6379,state=online,offset=154,lag=0\r
slave1:ip=127.5.0.3,port=6379,state=wait_bgsave,offset=0,lag=0\r
master_replid:aaaa\r
master_repl_offset:160\r
\r
# Persistence\r
loading:0\r
async_loading:0\r
`;

const replica = (fields: Record<string, string | number>): string =>
  Object.entries({
    role: 'slave',
    master_host: '127.5.0.1',
    master_port: 6379,
    master_link_status: 'down',
    master_sync_in_progress: 0,
    slave_repl_offset: 1,
    master_link_down_since_seconds: -1,
    master_replid: 'bbbb',
    master_repl_offset: 0,
    loading: 0,
    async_loading: 0,
    total_net_repl_input_bytes: 0,
    ...fields,
  })
    .map(([name, value]) => `${name}:${value}`)
    .join('\r\n');

describe('viewFromInfo', () => {
  it('reads a primary', () => {
    assert.deepEqual(viewFromInfo(primary), {
      role: 'primary',
      loading: false,
      link: 'up',
      offset: 160,
      replicationId: 'aaaa',
      replicas: [{ address: '127.5.0.2', port: 6379, offset: 154, state: 'online' }],
      keys: 5,
      neverSynced: false,
    });
  });

  const cases: [name: string, fields: Record<string, string | number>, expected: Partial<EngineView>][] = [
    ['fresh, never linked', {}, { neverSynced: true, link: 'down', offset: 1 }],
    [
      'linked',
      { master_link_status: 'up', slave_repl_offset: 70 },
      { neverSynced: false, link: 'up', offset: 70 },
    ],
    [
      'lost its primary',
      { master_link_down_since_seconds: 3, slave_repl_offset: 70, total_net_repl_input_bytes: 900 },
      { neverSynced: false, link: 'down' },
    ],
    [
      'sent to another primary after a sync',
      { slave_repl_offset: 70, total_net_repl_input_bytes: 900 },
      { neverSynced: false },
    ],
    ['loaded old data, never linked', { slave_repl_offset: 70 }, { neverSynced: true }],
    [
      'its first sync was cut off',
      { total_net_repl_input_bytes: 900, slave_repl_offset: 1 },
      { neverSynced: true },
    ],
    ['in a full sync', { master_sync_in_progress: 1 }, { loading: true }],
    ['loading', { loading: 1 }, { loading: true }],
  ];
  for (const [name, fields, expected] of cases) {
    it(`reads a replica: ${name}`, () => {
      const view = viewFromInfo(replica(fields));
      assert.equal(view.role, 'replica');
      assert.equal(view.primaryAddress, '127.5.0.1');
      assert.equal(view.primaryPort, 6379);
      assert.deepEqual({ ...view, ...expected }, view);
    });
  }

  it('returns defaults for an empty reply', () => {
    const view = viewFromInfo('');
    assert.deepEqual([view.role, view.offset, view.keys], ['primary', 0, 0]);
  });
});

it('parseInfo keeps colons in values', () => {
  assert.equal(parseInfo('executable:/a:b\n# Section:x\n').get('executable'), '/a:b');
});
