import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queryOf, routeOf, viewOf } from './page-state.ts';

const route = (address: string) => routeOf(new URL(address, 'http://127.0.0.1'));

test('an address is a page', () => {
  assert.deepEqual(route('/_millpond/dashboards'), { page: 'dashboards' });
  assert.deepEqual(route('/_millpond/dashboards/shop'), { page: 'dashboard', name: 'shop' });
  assert.deepEqual(route('/_millpond/dashboards/%3Cimg%3E'), { page: 'dashboard', name: '<img>' });
  assert.deepEqual(route('/cloudwatch/home?region=eu-west-1#dashboards:name=shop'), {
    page: 'elsewhere',
    place: { region: 'eu-west-1', dashboard: 'shop' },
  });
  for (const other of [
    '/_millpond/dashboards/',
    '/_millpond/dashboards/a/b',
    '/_millpond/dashboards/%',
    '/cloudwatch/home#logsV2:',
  ])
    assert.deepEqual(route(other), { page: 'unknown' }, other);
});

test('a view is in the query, and what is not in it is as the dashboard says', () => {
  assert.deepEqual(viewOf(''), { refresh: 60, zone: 'local' });
  const query = '?region=eu-west-1&start=-PT3H&period=30&refresh=10&zone=utc';
  assert.equal(queryOf(viewOf(query)), query);
  assert.deepEqual(viewOf('?refresh=1&period=-5&zone=x'), { refresh: 60, zone: 'local' });
  assert.equal(queryOf({ start: undefined, refresh: 60, zone: 'local' } as never), '');
});
