// The request pipeline: finding the service and the caller, responses to failures, starting and stopping the server.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, it } from 'node:test';
import { EchoService } from '../../test/support/echo-service.ts';
import {
  ask,
  askQuery,
  FORM,
  type RawAnswer,
  recordingLog,
  serve,
  signedFor,
} from '../../test/support/wire.ts';
import { OperationalError } from '../kernel/errors.ts';
import { silentLog } from '../kernel/log.ts';
import { Fault } from './fault.ts';
import { startWireServer } from './server.ts';
import type { RequestContext, Service } from './service.ts';

const IDENTITY = 'Action=GetCallerIdentity&Version=2011-06-15';

/** A service `sts` whose only operation calls the given function. */
const stsThat = (handler: (input: unknown, context: RequestContext) => unknown): Service => ({
  name: 'sts',
  operations: { GetCallerIdentity: handler },
});

const element = (answer: RawAnswer, name: string) =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer.text)?.[1];

describe('the service and the caller', () => {
  const contexts: RequestContext[] = [];
  const sts = stsThat((_input, context) => {
    contexts.push(context);
    return {};
  });
  const options = { services: [sts, new EchoService('elasticache')], defaultRegion: 'eu-west-1' };

  it('come from the signature: service, region and access key', async (test) => {
    const server = await serve(test, options);
    const answer = await askQuery(server, IDENTITY, signedFor('sts', 'ap-northeast-1'));
    assert.equal(answer.status, 200);
    const { requestId, client: _, ...context } = contexts.pop()!;
    assert.deepEqual(context, {
      service: 'sts',
      operation: 'GetCallerIdentity',
      accountId: '000000000000',
      region: 'ap-northeast-1',
      accessKeyId: 'AKIDEXAMPLE',
      baseUrl: server.url,
    });
    assert.equal(answer.headers['x-amzn-requestid'], requestId);
    assert.equal(element(answer, 'RequestId'), requestId);
  });

  it('have the URL at which the client reached the API', async (test) => {
    const inner = createServer();
    inner.listen(0, '127.0.0.2');
    await once(inner, 'listening');
    const url = `http://127.0.0.2:${(inner.address() as AddressInfo).port}`;
    await serve(test, { ...options, inner: { server: inner, url } });
    assert.equal((await fetch(`${url}/?${IDENTITY}`)).status, 200);
    assert.equal(contexts.pop()!.baseUrl, url);
  });

  it('have the access key as account if it has twelve digits', async (test) => {
    const server = await serve(test, options);
    await askQuery(server, IDENTITY, signedFor('sts', 'us-east-1', '123456789012'));
    assert.equal(contexts.pop()!.accountId, '123456789012');
  });

  it('come from version and action in an unsigned request, with the default region', async (test) => {
    const server = await serve(test, options);
    assert.equal((await askQuery(server, IDENTITY)).status, 200);
    const { region, accessKeyId } = contexts.pop()!;
    assert.deepEqual({ region, accessKeyId }, { region: 'eu-west-1', accessKeyId: undefined });
  });

  it('come from the query of a presigned URL', async (test) => {
    const server = await serve(test, options);
    const credential = encodeURIComponent('AKIDEXAMPLE/20260101/us-west-2/sts/aws4_request');
    const path = `/?${IDENTITY}&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-Signature=00`;
    assert.equal((await ask(server, { method: 'GET', path })).status, 200);
    assert.equal(contexts.pop()!.region, 'us-west-2');
  });

  it('are refused when the region is invalid', async (test) => {
    const server = await serve(test, options);
    const answer = await askQuery(server, IDENTITY, signedFor('sts', '..%2F..'));
    assert.deepEqual([answer.status, element(answer, 'Code')], [400, 'IncompleteSignature']);
  });

  it('are refused for an unknown service, in the format of the request', async (test) => {
    const server = await serve(test, options);
    const query = await askQuery(server, 'Action=ListQueues', signedFor('sqs'));
    assert.deepEqual([query.status, element(query, 'Code')], [404, 'UnknownService']);
    const json = await ask(server, {
      headers: { 'x-amz-target': 'AmazonSQS.ListQueues', 'content-type': 'application/x-amz-json-1.0' },
      body: '{}',
    });
    assert.deepEqual([json.status, JSON.parse(json.text).__type], [404, 'UnknownService']);
    const plain = await ask(server, { method: 'GET' });
    assert.deepEqual([plain.status, element(plain, 'Code')], [404, 'UnknownService']);
  });
});

describe('the response to a failure', () => {
  const refusing = (fault: unknown): Service => ({
    name: 'elasticache',
    operations: {
      DescribeCacheClusters: () => {
        throw fault;
      },
    },
  });
  const DESCRIBE = 'Action=DescribeCacheClusters&Version=2015-02-02';

  it('has the code and status of the schema, and the request id', async (test) => {
    const fault = new Fault('CacheClusterNotFoundFault', 'CacheCluster not found: <a&b>');
    const server = await serve(test, { services: [refusing(fault)] });
    const answer = await askQuery(server, DESCRIBE, signedFor('elasticache'));
    const id = answer.headers['x-amzn-requestid'];
    assert.equal(answer.status, 404);
    assert.equal(
      answer.text,
      '<ErrorResponse xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/"><Error><Type>Sender</Type>' +
        '<Code>CacheClusterNotFound</Code><Message>CacheCluster not found: &lt;a&amp;b&gt;</Message></Error>' +
        `<RequestId>${id}</RequestId></ErrorResponse>`,
    );
  });

  it('has the shape with its namespace over JSON', async (test) => {
    const fault = new Fault('CacheClusterNotFoundFault', 'no');
    const server = await serve(test, { services: [refusing(fault)] });
    const headers = { 'x-amz-target': 'AmazonElastiCacheV9.DescribeCacheClusters' };
    const answer = await ask(server, { headers, body: '{}' });
    assert.equal(answer.status, 404);
    assert.deepEqual(JSON.parse(answer.text), {
      __type: 'com.amazonaws.elasticache#CacheClusterNotFoundFault',
      message: 'no',
    });
  });

  it('has a different envelope for EC2', async (test) => {
    const server = await serve(test, { services: [{ name: 'ec2', operations: {} }] });
    const answer = await askQuery(server, 'Action=DescribeVpcs', signedFor('ec2'));
    assert.equal(answer.status, 501);
    assert.match(
      answer.text,
      /<Response><Errors><Error><Code>NotImplemented<\/Code><Message>[^<]*ec2:DescribeVpcs/,
    );
    assert.match(answer.text, /<\/Error><\/Errors><RequestID>[0-9a-f-]{36}<\/RequestID><\/Response>$/);
  });

  it('is ServiceUnavailable for an operational error', async (test) => {
    const error = new OperationalError('DiskFull', 'The disk is full.');
    const server = await serve(test, { services: [refusing(error)] });
    const answer = await askQuery(server, DESCRIBE, signedFor('elasticache'));
    assert.equal(answer.status, 503);
    assert.deepEqual(
      [element(answer, 'Code'), element(answer, 'Message')],
      ['ServiceUnavailable', 'The disk is full.'],
    );
  });

  it('is an InternalFailure without details for a bug, which is logged, and the server keeps running', async (test) => {
    const { log, errors } = recordingLog();
    const server = await serve(test, { services: [refusing(new TypeError('secret'))], log });
    const answer = await askQuery(server, DESCRIBE, signedFor('elasticache'));
    assert.deepEqual([answer.status, element(answer, 'Code')], [500, 'InternalFailure']);
    assert.ok(!answer.text.includes('secret'));
    assert.equal(errors.length, 1);
    assert.equal((await askQuery(server, DESCRIBE, signedFor('elasticache'))).status, 500);
  });

  it('is an InternalFailure for an output that the schema cannot write', async (test) => {
    const { log } = recordingLog();
    const broken = {
      name: 'elasticache',
      operations: { DescribeCacheClusters: () => ({ CacheClusters: 7 }) },
    };
    const server = await serve(test, { services: [broken], log });
    assert.equal((await askQuery(server, DESCRIBE, signedFor('elasticache'))).status, 500);
  });

  it('names an unknown operation, one that is not implemented, and a missing parameter', async (test) => {
    const echo = new EchoService('elasticache');
    const server = await serve(test, { services: [echo] });
    const refusalOf = async (body: string) => {
      const answer = await askQuery(server, body, signedFor('elasticache'));
      return [answer.status, element(answer, 'Code'), element(answer, 'Message')];
    };
    assert.deepEqual(await refusalOf('Action=Fly&Version=2015-02-02'), [
      400,
      'InvalidAction',
      'Could not find operation Fly for version 2015-02-02',
    ]);
    assert.deepEqual(await refusalOf('Version=2015-02-02'), [
      400,
      'MissingAction',
      'The request must contain the parameter Action',
    ]);
    assert.deepEqual(await refusalOf('Action=DeleteCacheCluster'), [
      400,
      'MissingParameter',
      'The request must contain the parameter CacheClusterId.',
    ]);
    delete echo.operations.DeleteCacheCluster;
    assert.deepEqual(await refusalOf('Action=DeleteCacheCluster'), [
      501,
      'NotImplemented',
      'Millpond does not implement elasticache:DeleteCacheCluster yet.',
    ]);
  });
});

describe('starting and stopping', () => {
  it('names the port that is in use', async (test) => {
    const { port } = await serve(test, {});
    const second = startWireServer({ services: [], port, defaultRegion: 'us-east-1', log: silentLog });
    await assert.rejects(second, (error: OperationalError) => {
      assert.equal(error.code, 'AddressInUse');
      assert.match(error.message, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken`));
      return true;
    });
  });

  it('calls the fallback first, and handles its errors', async (test) => {
    const { log, errors } = recordingLog();
    const server = await serve(test, {
      log,
      fallback(incoming, response) {
        if (incoming.url === '/broken') throw new Error('broken');
        if (incoming.url !== '/_millpond/health') return false;
        response.end('well');
        return true;
      },
    });
    assert.equal((await ask(server, { method: 'GET', path: '/_millpond/health' })).text, 'well');
    assert.equal((await ask(server, { method: 'GET', path: '/' })).status, 404);
    assert.equal((await ask(server, { method: 'GET', path: '/broken' })).status, 500);
    assert.equal(errors.length, 1);
  });

  it('lets a running request finish, and does not wait for connections that are kept alive', async (test) => {
    const arrived = Promise.withResolvers<void>();
    const proceed = Promise.withResolvers<void>();
    const sts = stsThat(async () => {
      arrived.resolve();
      await proceed.promise;
      return { Account: 'finished' };
    });
    const server = await startWireServer({
      services: [sts],
      port: 0,
      defaultRegion: 'us-east-1',
      log: silentLog,
    });
    const agent = new Agent({ keepAlive: true });
    const outgoing = request(server.url, { method: 'POST', agent, headers: { 'content-type': FORM } });
    const responded = once(outgoing, 'response');
    outgoing.end(IDENTITY);
    await arrived.promise;
    // With mocked timers the grace period never ends.
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const stopped = server.stop();
    proceed.resolve();
    const [response] = await responded;
    let text = '';
    for await (const chunk of response) text += chunk;
    await stopped;
    assert.match(text, /finished/);
    agent.destroy();
  });
});
