import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it } from 'node:test';
import { StickyCookies } from './sticky-cookie.ts';

const NOW = Date.UTC(2026, 10, 30);
const cookies = new StickyCookies(randomBytes(32));
const [first = '', second = ''] = cookies.make('group', '10.0.0.9:80', 60, true, NOW);
const value = first.slice(0, first.indexOf(';'));
const read = (cookie: string, group = 'group', now = NOW) => cookies.read(['Cookie', cookie], group, now);

it('binds a client to a target of a group, for a time', () => {
  assert.match(first, /^AWSALB=\S+; Expires=Mon, 30 Nov 2026 00:01:00 GMT; Path=\/$/);
  assert.match(second, /^AWSALBCORS=\S+; Expires=\S.+ GMT; Path=\/; SameSite=None; Secure$/);
  assert.equal(read(value), '10.0.0.9:80');
  assert.equal(read(`a=b; ${second.slice(0, second.indexOf(';'))}`), '10.0.0.9:80');
  assert.equal(read(value, 'another group'), undefined);
  assert.equal(read(value, 'group', NOW + 60_000), undefined);
});

it('reads no cookie that it has not made', () => {
  assert.equal(new StickyCookies(randomBytes(32)).read(['Cookie', value], 'group', NOW), undefined);
  const middle = Math.floor(value.length / 2);
  const changed = `${value.slice(0, middle)}${value[middle] === 'A' ? 'B' : 'A'}${value.slice(middle + 1)}`;
  for (const cookie of [changed, 'AWSALB=', 'AWSALB', `AWSALB=${'A'.repeat(100_000)}`, ';;=;', 'AWSALB=null'])
    assert.equal(read(cookie), undefined);
});
