import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Action, Condition } from './load-balancers.ts';
import { locationOf } from './redirects.ts';
import { type RequestFacts, readFacts } from './request-facts.ts';
import { compileRules } from './rules.ts';
import { sourceAddress } from './source-address.ts';

function facts(target = '/a/b?c=d', headers: string[] = [], changes: object = {}): RequestFacts {
  const read = readFacts(
    {
      ...{ method: 'GET', target, httpVersion: '1.1', headers: ['Host', 'www.Example.com:8080', ...headers] },
      ...{
        clientAddress: '10.0.0.9',
        clientPort: 1234,
        localAddress: '10.0.0.4',
        protocol: 'http',
        port: 80,
      },
      ...changes,
    },
    false,
  );
  assert.ok(typeof read !== 'number');
  return read;
}

const respond = (status: number): Action => ({ does: 'respond', status });
const applies = (conditions: Condition[], request: RequestFacts): boolean => {
  const rules = compileRules([
    { arn: 'a', conditions, action: respond(200) },
    { arn: 'default', conditions: [], action: respond(404) },
  ]);
  return (rules(request).action as { status: number }).status === 200;
};

describe('rules', () => {
  it('apply where every condition holds, in their order', () => {
    const path: Condition = { field: 'path', patterns: ['/x', '/a/*'] };
    assert.ok(applies([path], facts()));
    assert.ok(!applies([path], facts('/A/b')), 'the case of a path counts');
    assert.ok(!applies([{ field: 'path', patterns: ['*c=d'] }], facts()), 'a path has no query');
    assert.ok(applies([path, { field: 'method', methods: ['POST', 'GET'] }], facts()));
    assert.ok(!applies([path, { field: 'method', methods: ['get'] }], facts()));
    assert.ok(applies([{ field: 'host', patterns: ['WWW.*.com'] }], facts()), 'that of a host does not');
    assert.ok(!applies([{ field: 'host', patterns: ['*:8080'] }], facts()), 'a host has no port');
    const header: Condition = { field: 'header', name: 'x-kind', patterns: ['*MOBILE*'] };
    assert.ok(applies([header], facts('/', ['X-Kind', 'a', 'X-KIND', 'mobile phone'])));
    assert.ok(!applies([header], facts()));
    const first = compileRules(
      [100, 200, 300].map((status) => ({ arn: '', conditions: [], action: respond(status) })),
    );
    assert.deepEqual(first(facts()), { action: respond(100), evaluations: 1 });
  });

  it('count as evaluated without the default rule', () => {
    const rules = compileRules([
      { arn: '1', conditions: [{ field: 'path', patterns: ['/1'] }], action: respond(200) },
      { arn: '2', conditions: [{ field: 'path', patterns: ['/2'] }], action: respond(200) },
      { arn: 'default', conditions: [], action: respond(404) },
    ]);
    assert.deepEqual(
      ['/1', '/2', '/3'].map((path) => rules(facts(path)).evaluations),
      [1, 2, 2],
    );
  });
});

describe('a redirect', () => {
  const redirect: Extract<Action, { does: 'redirect' }> = {
    does: 'redirect',
    status: 301,
    protocol: '#{protocol}',
    host: '#{host}',
    port: '#{port}',
    path: '/#{path}',
    query: '#{query}',
  };

  it('keeps the parts that it names', () => {
    assert.equal(locationOf(redirect, facts()), 'http://www.Example.com:80/a/b?c=d');
    assert.equal(locationOf(redirect, facts('/')), 'http://www.Example.com:80/');
  });

  it('puts parts into others', () => {
    const other = {
      ...redirect,
      protocol: 'HTTPS',
      host: 'new.#{host}',
      port: '443',
      path: '/to/#{path}/#{port}',
    };
    assert.equal(
      locationOf({ ...other, query: 'from=#{path}&#{query}&#{other}' }, facts()),
      'https://new.www.Example.com:443/to/a/b/80?from=a/b&c=d&#{other}',
    );
  });

  it('puts no part into what a client sent', () => {
    assert.equal(
      locationOf(redirect, facts('/#{host}?#{port}')),
      'http://www.Example.com:80/#{host}?#{port}',
    );
  });
});

it('a balancer connects from its own address to targets of its network', () => {
  assert.equal(sourceAddress('subnets', '10.0.0.4', '10.1.0.9'), '10.0.0.4');
  assert.equal(sourceAddress('loopback', '127.8.0.4', '127.0.0.1'), '127.8.0.4');
  assert.equal(sourceAddress('loopback', '127.8.0.4', '192.168.0.1'), undefined);
  assert.equal(sourceAddress('host', '10.70.0.4', '10.70.3.9'), '10.70.0.4');
  assert.equal(sourceAddress('host', '10.70.0.4', '10.71.3.9'), undefined);
});
