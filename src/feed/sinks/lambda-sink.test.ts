// The sink of functions: against Millpond's own Lambda, and its judgement of answers.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { OperationalError } from '../../kernel/errors.ts';
import { nodeFunction, startTestLambda } from '../../services/lambda/lambda.fixture.ts';
import { CallFailed } from '../sink.ts';
import { createSink } from './create-sink.ts';
import { createLambdaSink } from './lambda-sink.ts';
import { callsTo, message, patient, recordedCalls } from './sinks.fixture.ts';

const BATCH = { size: 10, windowMs: 0, parallel: 1 };

const target = (name: string, reportsItemFailures = false) =>
  ({ kind: 'lambda', function: name, reportsItemFailures }) as const;

it('a function gets a batch, or the article’s object alone, and its failures are reported', async (context) => {
  const lambda = await startTestLambda();
  context.after(() => lambda.stop());
  const source = `const seen = [];
    exports.handler = async (event) => {
      if (event.id === 'seen') return { batchItemFailures: [], seen };
      seen.push(event);
      const bad = (event.Records ?? []).filter(({ isBad }) => isBad);
      if (event.id === 'fails' || bad.some(({ throws }) => throws)) throw new TypeError('no\\nluck');
      return { batchItemFailures: bad.map(({ sequence }) => ({ itemIdentifier: sequence })) };
    };`;
  await lambda.client.send(new CreateFunctionCommand(nodeFunction('sink', source)));
  const calls = callsTo({ lambda: lambda.service });

  const article = createSink(
    { target: target('sink'), payload: 'article', batch: { ...BATCH, size: 1 } },
    calls,
  );
  assert.equal(article.limits.messages, 1);
  const event = { id: 'person1', obj_name: 'person1', body: '{"firstName":"John"}' };
  assert.deepEqual(await article.deliver([message('person1', event)], patient()), []);
  assert.deepEqual(await article.deliver([message('x', { id: 'fails' })], patient()), [
    { index: 0, mayRetry: true, reason: 'The function failed: TypeError: no luck' },
  ]);

  const batches = createSink({ target: target('sink', true), payload: 'change', batch: BATCH }, calls);
  assert.deepEqual(
    await batches.deliver(
      [
        message('a', { sequence: '7' }, { sequence: '7' }),
        message('b', { sequence: '8', isBad: true }, { sequence: '8' }),
      ],
      patient(),
    ),
    [{ index: 1, mayRetry: true, reason: 'The function reported it in batchItemFailures.' }],
  );
  const answer = (await calls.call('lambda', 'Invoke', {
    FunctionName: 'sink',
    Payload: Buffer.from('{"id":"seen"}'),
  })) as { Payload: Uint8Array };
  const { seen } = JSON.parse(Buffer.from(answer.Payload).toString());
  assert.deepEqual(seen, [
    event,
    { id: 'fails' },
    { Records: [{ sequence: '7' }, { sequence: '8', isBad: true }] },
  ]);

  const gone = createSink({ target: target('missing'), payload: 'change', batch: BATCH }, calls);
  const [failure] = await gone.deliver([message('a')], patient());
  assert.match(failure!.reason, /^ResourceNotFoundException: Function not found: .*missing$/);
  assert.equal(failure!.mayRetry, true);
});

it('the answers of functions that report failures are judged as event source mappings judge them', async () => {
  const cases: [answer: unknown, failed: number[]][] = [
    [null, []],
    ['', []],
    [{}, []],
    [{ batchItemFailures: null }, []],
    [{ batchItemFailures: [] }, []],
    [{ batchItemFailures: [{ itemIdentifier: '2' }] }, [1]],
    ['done', [0, 1]],
    [{ batchItemFailures: 'x' }, [0, 1]],
    [{ batchItemFailures: [{}] }, [0, 1]],
    [{ batchItemFailures: [null] }, [0, 1]],
    [{ batchItemFailures: [{ itemIdentifier: '' }] }, [0, 1]],
    [{ batchItemFailures: [{ itemIdentifier: '3' }] }, [0, 1]],
  ];
  const messages = [message('a', {}, { sequence: '1' }), message('b', {}, { sequence: '2' })];
  for (const [answer, failed] of cases) {
    const calls = recordedCalls(() => ({ Payload: Buffer.from(JSON.stringify(answer)) }));
    const sink = createLambdaSink({ function: 'f', reportsItemFailures: true, isSingle: false }, calls);
    const failures = await sink.deliver(messages, patient());
    assert.deepEqual(
      failures.map(({ index }) => index),
      failed,
      JSON.stringify(answer),
    );
    assert.ok(failures.every(({ mayRetry }) => mayRetry));
  }
});

it('throttling may pass, a refused request may not, and an outcome that is not known is a rejection', async () => {
  const options = { function: 'f', reportsItemFailures: false, isSingle: false };
  const failing = (error: Error) =>
    createLambdaSink(
      options,
      recordedCalls(() => Promise.reject(error)),
    ).deliver([message('a'), message('b')], patient());
  const mayRetry = async (code: string, isFinal = true) => {
    const failures = await failing(new CallFailed(code, 'why', isFinal));
    assert.deepEqual(
      failures.map(({ index, reason }) => ({ index, reason })),
      [0, 1].map((index) => ({ index, reason: `${code}: why` })),
    );
    return failures.every((failure) => failure.mayRetry);
  };
  assert.equal(await mayRetry('TooManyRequestsException'), true);
  assert.equal(await mayRetry('ServiceException', false), true);
  assert.equal(await mayRetry('InvalidRequestContentException'), false);
  await assert.rejects(
    failing(new OperationalError('CommandFailed', 'lambda did not answer')),
    /did not answer/,
  );

  const hanging = createLambdaSink(
    options,
    recordedCalls(() => new Promise(() => {})),
  );
  const limit = new AbortController();
  const delivery = hanging.deliver([message('a')], limit.signal);
  limit.abort();
  await assert.rejects(delivery, { code: 'TimedOut' });
});

it('an event that is larger than a function takes is final for a single message', async () => {
  const calls = recordedCalls(() => ({}));
  const sink = createLambdaSink({ function: 'f', reportsItemFailures: false, isSingle: false }, calls);
  const large = message('a', 'x'.repeat(sink.limits.bytes + 20_000));
  const [alone] = await sink.deliver([large], patient());
  assert.equal(alone!.mayRetry, false);
  const together = await sink.deliver([large, message('b')], patient());
  assert.deepEqual(
    together.map(({ mayRetry }) => mayRetry),
    [true, true],
  );
  assert.equal(calls.made.length, 0);
});
