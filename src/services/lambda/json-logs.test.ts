// Tests logs in JSON: Lambda's events, the function's output, and levels.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import * as sdk from '@aws-sdk/client-lambda';
import { zip } from '../../kernel/zip.ts';
import { nodeFunction, ROLE, startTestLambda, type TestLambda } from './lambda.fixture.ts';

let test: TestLambda;
before(async () => {
  test = await startTestLambda();
});
after(() => test.stop());

const SOURCE = `exports.handler = async () => {
  console.debug('hidden'); console.info('two\\nlines'); console.warn({ a: 1 }); console.error('failed:', new RangeError('x'));
};`;

type Entry = Record<string, unknown> & { record: Record<string, unknown> };

async function logOf(FunctionName: string): Promise<Entry[]> {
  const { LogResult } = await test.client.send(new sdk.InvokeCommand({ FunctionName, LogType: 'Tail' }));
  const lines = Buffer.from(LogResult!, 'base64').toString().trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

it('a Node function logs in JSON', async () => {
  const LoggingConfig = { LogFormat: 'JSON', LogGroup: 'my-group' } as const;
  const made = await test.client.send(
    new sdk.CreateFunctionCommand({ ...nodeFunction('json', SOURCE), LoggingConfig }),
  );
  assert.deepEqual(made.LoggingConfig, {
    LogFormat: 'JSON',
    ApplicationLogLevel: 'INFO',
    SystemLogLevel: 'INFO',
    LogGroup: 'my-group',
  });
  const log = await logOf('json');
  assert.deepEqual(
    log.map((entry) => entry.type ?? entry.level),
    ['platform.initStart', 'platform.start', 'INFO', 'WARN', 'ERROR', 'platform.report'],
  );
  const [, start, info, warn, error, report] = log;
  assert.equal(info!.message, 'two\nlines');
  assert.equal(info!.requestId, start!.record.requestId);
  assert.deepEqual(warn!.message, { a: 1 });
  assert.deepEqual([error!.errorType, error!.errorMessage], ['RangeError', 'x']);
  assert.equal(report!.record.status, 'success');
  assert.deepEqual(Object.keys(report!.record.metrics as object), [
    'durationMs',
    'billedDurationMs',
    'memorySizeMB',
    'maxMemoryUsedMB',
    'initDurationMs',
  ]);
});

it('levels filter lines, and a change back to text removes them', async () => {
  const change = async (LoggingConfig: sdk.LoggingConfig) => {
    const input = { FunctionName: 'levels', LoggingConfig };
    return (await test.client.send(new sdk.UpdateFunctionConfigurationCommand(input))).LoggingConfig;
  };
  await test.client.send(new sdk.CreateFunctionCommand(nodeFunction('levels', SOURCE)));
  await change({ LogFormat: 'JSON', ApplicationLogLevel: 'ERROR', SystemLogLevel: 'WARN' });
  assert.deepEqual(
    (await logOf('levels')).map(({ level }) => level),
    ['ERROR'],
  );
  await change({ ApplicationLogLevel: 'DEBUG', SystemLogLevel: 'DEBUG' });
  assert.deepEqual(
    (await logOf('levels')).map((entry) => entry.level ?? entry.type),
    [
      ...['platform.initStart', 'platform.initReport', 'platform.start', 'DEBUG', 'INFO', 'WARN', 'ERROR'],
      ...['platform.runtimeDone', 'platform.report'],
    ],
  );
  await assert.rejects(change({ LogFormat: 'Text', ApplicationLogLevel: 'INFO' }), {
    name: 'InvalidParameterValueException',
  });
  assert.deepEqual(await change({ LogFormat: 'Text' }), {
    LogFormat: 'Text',
    LogGroup: '/aws/lambda/levels',
  });
});

it('a Python function logs in JSON', async () => {
  const source = `
import logging
def handler(event, context):
    logging.debug('hidden')
    logging.info('seen %d', 1)
    try:
        raise ValueError('x')
    except ValueError:
        logging.exception('failed')
`;
  await test.client.send(
    new sdk.CreateFunctionCommand({
      FunctionName: 'json-python',
      Runtime: 'python3.12',
      Handler: 'index.handler',
      Role: ROLE,
      Code: { ZipFile: zip({ 'index.py': source }) },
      LoggingConfig: { LogFormat: 'JSON' },
    }),
  );
  const said = (await logOf('json-python')).filter(({ level }) => level !== undefined);
  assert.deepEqual(
    said.map(({ level, message, errorType }) => [level, message, errorType]),
    [
      ['INFO', 'seen 1', undefined],
      ['ERROR', 'failed', 'ValueError'],
    ],
  );
});
