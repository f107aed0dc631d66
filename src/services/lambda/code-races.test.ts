// Functions and layers that share packages are created, changed and deleted concurrently: Millpond never answers with
// its own failure, existing functions run, and in the end no code is left.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import * as sdk from '@aws-sdk/client-lambda';
import { zip } from '../../kernel/zip.ts';
import { nodeFunction, startTestLambda, type TestLambda } from './lambda.fixture.ts';

const SOURCES = [0, 1].map((number) => `exports.handler = async () => require('shared') + ${number};`);
const LAYER = zip({ 'nodejs/node_modules/shared/index.js': 'module.exports = 10;' });
const EXPECTED = new Set(['ResourceNotFoundException', 'ResourceConflictException']);

async function start(context: TestContext): Promise<TestLambda> {
  const test = await startTestLambda();
  context.after(() => test.stop());
  return test;
}

/** The random number generator Mulberry32. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

async function publishLayer({ client }: TestLambda, name: string): Promise<string> {
  const published = await client.send(
    new sdk.PublishLayerVersionCommand({ LayerName: name, Content: { ZipFile: LAYER } }),
  );
  return published.LayerVersionArn!;
}

async function answerOf({ client }: TestLambda, name: string): Promise<unknown> {
  const { Payload, FunctionError } = await client.send(new sdk.InvokeCommand({ FunctionName: name }));
  const text = Buffer.from(Payload!).toString();
  assert.equal(FunctionError, undefined, text);
  return JSON.parse(text);
}

async function noCodeIsLeft({ directory }: TestLambda): Promise<void> {
  const left = () => readdir(join(directory, 'code'));
  for (const deadline = Date.now() + 10_000; (await left()).length > 0; await new Promise(setImmediate)) {
    assert.ok(Date.now() < deadline, `left: ${await left()}`);
  }
}

it('a function is created while another with the same package is deleted', async (context) => {
  const test = await start(context);
  const create = (name: string) =>
    test.client.send(new sdk.CreateFunctionCommand(nodeFunction(name, 'exports.handler = async () => 1;')));
  const remove = (name: string) => test.client.send(new sdk.DeleteFunctionCommand({ FunctionName: name }));
  await create('f0');
  for (let round = 1; round <= 60; round++) {
    const [, created] = await Promise.all([remove(`f${round - 1}`), create(`f${round}`)]);
    assert.equal(created.FunctionName, `f${round}`);
    if (round % 10 === 0) assert.equal(await answerOf(test, `f${round}`), 1);
  }
  await remove('f60');
  await noCodeIsLeft(test);
});

it('a function keeps its layers when they are deleted', async (context) => {
  const test = await start(context);
  const arn = await publishLayer(test, 'shared');
  const input = { ...nodeFunction('f', SOURCES[1]!), Layers: [arn] };
  await test.client.send(new sdk.CreateFunctionCommand(input));
  await test.client.send(new sdk.DeleteLayerVersionCommand({ LayerName: 'shared', VersionNumber: 1 }));
  await test.restart();
  assert.equal(await answerOf(test, 'f'), 11);
  const shown = await test.client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName: 'f' }));
  assert.deepEqual(shown.Layers, [{ Arn: arn, CodeSize: LAYER.length }]);
  await assert.rejects(
    test.client.send(new sdk.UpdateFunctionConfigurationCommand({ FunctionName: 'f', Layers: [arn] })),
    { name: 'InvalidParameterValueException' },
  );
  await test.client.send(new sdk.DeleteFunctionCommand({ FunctionName: 'f' }));
  await noCodeIsLeft(test);
});

it('one of two concurrent changes of a revision is refused', async (context) => {
  const test = await start(context);
  const { RevisionId } = await test.client.send(
    new sdk.CreateFunctionCommand(nodeFunction('f', SOURCES[0]!)),
  );
  const outcomes = await Promise.allSettled(
    SOURCES.map((source) =>
      test.client.send(
        new sdk.UpdateFunctionCodeCommand({
          ...{ FunctionName: 'f', ZipFile: zip({ 'index.js': source }) },
          RevisionId: RevisionId!,
        }),
      ),
    ),
  );
  const refused = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason.name] : []));
  assert.deepEqual(refused, ['PreconditionFailedException']);
});

it('any operations may run concurrently', async (context) => {
  const seed = Number(process.env.CODE_RACES_SEED) || Math.floor(Math.random() * 2 ** 31);
  context.diagnostic(`CODE_RACES_SEED=${seed}`);
  const below = seeded(seed);
  const test = await start(context);
  const { client } = test;
  const arn = await publishLayer(test, 'kept');
  const act = async (): Promise<unknown> => {
    const FunctionName = `f${below(4)}`;
    const source = SOURCES[below(2)]!;
    switch (below(7)) {
      case 0:
      case 1:
        return client.send(
          new sdk.CreateFunctionCommand({ ...nodeFunction(FunctionName, source), Layers: [arn] }),
        );
      case 2:
        return client.send(
          new sdk.UpdateFunctionCodeCommand({
            FunctionName,
            ZipFile: zip({ 'index.js': source }),
            DryRun: below(2) === 0,
          }),
        );
      case 3:
        return client.send(new sdk.DeleteFunctionCommand({ FunctionName }));
      case 4: {
        const layer = await publishLayer(test, 'passing');
        const VersionNumber = Number(layer.split(':').at(-1));
        return client.send(new sdk.DeleteLayerVersionCommand({ LayerName: 'passing', VersionNumber }));
      }
      default: {
        const answer = await answerOf(test, FunctionName);
        assert.ok(answer === 10 || answer === 11, String(answer));
      }
    }
  };
  const worker = async (): Promise<void> => {
    for (let step = 0; step < 25; step++) {
      await act().catch((error) => {
        if (!EXPECTED.has(error.name)) throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  const { Functions } = await client.send(new sdk.ListFunctionsCommand({}));
  for (const { FunctionName } of Functions!) {
    assert.ok([10, 11].includes(Number(await answerOf(test, FunctionName!))));
    await client.send(new sdk.DeleteFunctionCommand({ FunctionName: FunctionName! }));
  }
  await client.send(new sdk.DeleteLayerVersionCommand({ LayerName: 'kept', VersionNumber: 1 }));
  await noCodeIsLeft(test);
});
