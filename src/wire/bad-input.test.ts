// Malformed and hostile input: the server answers it with a 4xx error and keeps running.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { EchoService } from '../../test/support/echo-service.ts';
import { ask, askBytes, askQuery, serve, signedFor } from '../../test/support/wire.ts';
import { encodeCbor } from './cbor-bytes.ts';
import type { WireServer } from './server.ts';

const ELASTICACHE = signedFor('elasticache');
const CREATE = 'Action=CreateReplicationGroup&ReplicationGroupId=a&ReplicationGroupDescription=b';

const queryCode = async (
  server: WireServer,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
) => {
  const answer = await askQuery(server, body, { ...ELASTICACHE, ...headers });
  return [answer.status, /<Code>([^<]*)/.exec(answer.text)?.[1]];
};

const jsonCode = async (server: WireServer, operation: string, body: string | Uint8Array) => {
  const headers = { ...ELASTICACHE, 'x-amz-target': `AmazonElastiCacheV9.${operation}` };
  const answer = await ask(server, { headers, body });
  return [answer.status, JSON.parse(answer.text).__type?.split('#').at(-1)];
};

describe('bodies', () => {
  it('over the limit are refused, whether or not their length is announced or they are compressed', async (test) => {
    const server = await serve(test, { services: [new EchoService('elasticache')], maxBodyBytes: 10_000 });
    const big = `${CREATE}&X=${'x'.repeat(200_000)}`;
    const refusal = [413, 'RequestEntityTooLarge'];
    assert.deepEqual(await queryCode(server, big), refusal);
    assert.deepEqual(await queryCode(server, big, { 'transfer-encoding': 'chunked' }), refusal);
    assert.deepEqual(await queryCode(server, gzipSync(big), { 'content-encoding': 'gzip' }), refusal);
    assert.deepEqual(await queryCode(server, CREATE), [200, undefined]);
  });

  it('that are parsed whole are refused above the size of any real request', async (test) => {
    const services = [new EchoService('elasticache'), new EchoService('lambda'), new EchoService('route53')];
    const server = await serve(test, { services, maxBodyBytes: 72 * 1024 * 1024 });
    const mebibytes = (count: number) => 'x'.repeat(count * 1024 * 1024);
    const query = `${CREATE}&X=${mebibytes(3)}`;
    assert.deepEqual(await queryCode(server, query), [413, 'RequestEntityTooLarge']);
    const packed = gzipSync(query);
    assert.deepEqual(await queryCode(server, packed, { 'content-encoding': 'gzip' }), [
      413,
      'RequestEntityTooLarge',
    ]);
    const rest = async (service: string, path: string, body: string) =>
      (await ask(server, { path, headers: signedFor(service), body })).status;
    const zone = '/2013-04-01/hostedzone';
    assert.equal(await rest('route53', zone, `<a>${mebibytes(5)}</a>`), 413);
    const role = '"Role":"arn:aws:iam::000000000000:role/r"';
    const code = (zip: string) => `{"FunctionName":"f",${role},"Code":{"ZipFile":"${zip}"}}`;
    assert.equal(await rest('lambda', '/2015-03-31/functions', code(mebibytes(40))), 201);
    assert.equal(await rest('lambda', '/2015-03-31/functions/f/invocations', mebibytes(9)), 413);
  });

  it('of JSON, XML, CBOR and forms are refused when they have more parts than any real request', async (test) => {
    const services = [new EchoService('elasticache'), new EchoService('route53')];
    const server = await serve(test, { services, maxBodyBytes: 72 * 1024 * 1024 });
    const parameters = `${CREATE}${'&a=1'.repeat(30_001)}`;
    assert.deepEqual(await queryCode(server, parameters), [404, 'MalformedQueryString']);
    const values = `{"Marker":[${'1,'.repeat(600_000)}1]}`;
    assert.deepEqual(await jsonCode(server, 'DescribeCacheClusters', values), [
      400,
      'SerializationException',
    ]);
    for (const body of ['<a/>'.repeat(60_001), '<!---->'.repeat(150_001), '&amp;'.repeat(100_001)]) {
      const answer = await ask(server, {
        path: '/2013-04-01/hostedzone',
        headers: signedFor('route53'),
        body: `<a>${body}</a>`,
      });
      assert.equal(answer.status, 400);
      assert.match(answer.text, /too (many|much)/);
    }
  });

  it('in gzip are decompressed, and other encodings are refused', async (test) => {
    const server = await serve(test, { services: [new EchoService('elasticache')] });
    assert.deepEqual(await queryCode(server, gzipSync(CREATE), { 'content-encoding': 'gzip' }), [
      200,
      undefined,
    ]);
    assert.deepEqual(await queryCode(server, CREATE, { 'content-encoding': 'gzip' }), [400, 'MalformedBody']);
    assert.deepEqual(await queryCode(server, CREATE, { 'content-encoding': 'br' }), [
      415,
      'UnsupportedMediaType',
    ]);
  });

  it('that are not HTTP are refused', async (test) => {
    const server = await serve(test, { services: [new EchoService('elasticache')] });
    assert.match(
      await askBytes(server, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ten\r\n\r\n'),
      /^HTTP\/1.1 400 /,
    );
    assert.match(
      await askBytes(server, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n'),
      /^HTTP\/1.1 400 /,
    );
    assert.match(await askBytes(server, '\u0000\u0001\r\n\r\n'), /^HTTP\/1.1 400 /);
    const header = `x: ${'x'.repeat(100_000)}`;
    assert.match(
      await askBytes(server, `POST / HTTP/1.1\r\nhost: x\r\n${header}\r\n\r\n`),
      /^HTTP\/1.1 431 /,
    );
    const target = 'GET http://[ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
    assert.match(await askBytes(server, target), /^HTTP\/1.1 400 .*InvalidURI/s);
  });
});

describe('query', () => {
  it('refuses invalid encodings, deep names and too many parameters', async (test) => {
    const server = await serve(test, { services: [new EchoService('elasticache')] });
    const malformed = [404, 'MalformedQueryString'];
    assert.deepEqual(await queryCode(server, `${CREATE}&X=%zz`), malformed);
    assert.deepEqual(await queryCode(server, `${CREATE}&X=%ff`), malformed);
    assert.deepEqual(await queryCode(server, Buffer.from(`${CREATE}&X=\xff`, 'latin1')), malformed);
    assert.deepEqual(await queryCode(server, `${CREATE}&${'a.'.repeat(100_000)}b=1`), malformed);
    assert.deepEqual(await queryCode(server, `${CREATE}${'&a=1'.repeat(100_001)}`), malformed);
  });

  it('refuses invalid scalars, and values where lists or structures belong', async (test) => {
    const server = await serve(test, { services: [new EchoService('elasticache')] });
    const wrong = [
      'Port=0x10',
      'Port=',
      'Port=1e999',
      'Port=NaN',
      'MultiAZEnabled=yes',
      'Port.1=2',
      'Tags=a',
    ];
    for (const parameter of [...wrong, 'NodeGroupConfiguration.member.1=x']) {
      assert.deepEqual(await queryCode(server, `${CREATE}&${parameter}`), [400, 'MalformedInput'], parameter);
    }
    assert.deepEqual(await queryCode(server, 'Action=DescribeEvents&StartTime=yesterday'), [
      400,
      'MalformedInput',
    ]);
  });

  it('accepts lists by any name and with gaps, repeated keys, and keys special in JavaScript', async (test) => {
    const echo = new EchoService('elasticache');
    const server = await serve(test, { services: [echo] });
    const inputOf = async (parameters: string) => {
      assert.deepEqual(await queryCode(server, `${CREATE}&${parameters}`), [200, undefined], parameters);
      const { ReplicationGroupId, ReplicationGroupDescription, ...rest } = echo.asked.get(
        'CreateReplicationGroup',
      ) as Record<string, unknown>;
      return rest;
    };
    const ids = { SecurityGroupIds: ['sg-1', 'sg-2'] };
    assert.deepEqual(
      await inputOf('SecurityGroupIds.SecurityGroupId.1=sg-1&SecurityGroupIds.SecurityGroupId.2=sg-2'),
      ids,
    );
    assert.deepEqual(await inputOf('SecurityGroupIds.member.10=sg-2&SecurityGroupIds.member.9=sg-1'), ids);
    assert.deepEqual(await inputOf('SecurityGroupIds.99999999=sg-2&SecurityGroupIds.7=sg-1'), ids);
    assert.deepEqual(await inputOf('SecurityGroupIds='), { SecurityGroupIds: [] });
    assert.deepEqual(await inputOf('Port=1&Port=2'), { Port: 2 });
    assert.deepEqual(
      await inputOf('__proto__.Port=1&constructor.prototype.Port=1&hasOwnProperty=1&Unknown=1'),
      {},
    );
    assert.equal(({} as { Port?: number }).Port, undefined);
  });
});

describe('JSON', () => {
  it('refuses invalid JSON and values of the wrong type', async (test) => {
    const server = await serve(test, { services: [new EchoService('elasticache')] });
    const wrong = [
      '{',
      'nonsense',
      '[]',
      '"text"',
      '{"MaxRecords":"20"}',
      '{"MaxRecords":1e999}',
      '{"Marker":7}',
      '{"Marker":{}}',
      '{"ShowCacheNodeInfo":"true"}',
      Buffer.from('{"Marker":"\xff"}', 'latin1'),
      '['.repeat(1_000_000),
    ];
    for (const body of wrong) {
      const code = await jsonCode(server, 'DescribeCacheClusters', body);
      assert.deepEqual(code, [400, 'SerializationException'], body.toString().slice(0, 100));
    }
    assert.deepEqual(await jsonCode(server, 'Fly', '{}'), [400, 'UnknownOperationException']);
    assert.deepEqual(await jsonCode(server, 'DeleteCacheCluster', '{}'), [400, 'ValidationException']);
  });

  it('accepts keys that are special in JavaScript', async (test) => {
    const echo = new EchoService('elasticache');
    const server = await serve(test, { services: [echo] });
    const body =
      '{"__proto__":{"Marker":"a"},"constructor":{"prototype":{"Marker":"a"}},"MaxRecords":20,"MaxRecords":21}';
    assert.deepEqual(await jsonCode(server, 'DescribeCacheClusters', body), [200, undefined]);
    assert.deepEqual(echo.asked.get('DescribeCacheClusters'), { MaxRecords: 21 });
  });
});

describe('CBOR', () => {
  it('refuses invalid CBOR and lengths beyond the end of the input', async (test) => {
    const server = await serve(test, { services: [new EchoService('elasticache')] });
    const codeOf = async (body: Uint8Array) => {
      const answer = await ask(server, {
        path: '/service/AmazonElastiCacheV9/operation/DescribeCacheClusters',
        headers: { ...ELASTICACHE, 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
        body,
      });
      return [answer.status, /SerializationException/.exec(answer.text)?.[0]];
    };
    const refusal = [400, 'SerializationException'];
    assert.deepEqual(await codeOf(Buffer.of(0x9b, 0, 0, 0, 1, 0, 0, 0, 0)), refusal, 'a huge array');
    assert.deepEqual(
      await codeOf(Buffer.of(0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)),
      refusal,
      'a huge map',
    );
    assert.deepEqual(await codeOf(Buffer.of(0x7a, 0xff, 0xff, 0xff, 0xff, 0x61)), refusal, 'a huge text');
    assert.deepEqual(await codeOf(Buffer.alloc(100_000, 0x81)), refusal, 'deep arrays');
    assert.deepEqual(await codeOf(Buffer.alloc(100_000, 0xc1)), refusal, 'deep tags');
    assert.deepEqual(await codeOf(Buffer.of(0xff)), refusal, 'a stray break');
    assert.deepEqual(await codeOf(encodeCbor({ MaxRecords: 'x' })), refusal, 'another type');
    assert.deepEqual(await codeOf(encodeCbor({ MaxRecords: new Date(0) })), refusal, 'a time for a number');
    assert.deepEqual(await codeOf(encodeCbor({ MaxRecords: 20 })), [200, undefined]);
  });
});
