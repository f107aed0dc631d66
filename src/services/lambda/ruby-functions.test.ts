// Functions in Ruby: the gems that Bundler puts next to the code, and the errors of loading and of handlers. The texts
// are those of AWS's own client (aws/aws-lambda-ruby-runtime-interface-client, lib/aws_lambda_ric.rb) and of a real log
// (DataDog/datadog-lambda-extension issue 693).

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CreateFunctionCommand, InvokeCommand, type Runtime } from '@aws-sdk/client-lambda';
import { zip } from '../../kernel/zip.ts';
import { findInterpreters } from '../../machines/functions/interpreters.ts';
import { ROLE, startTestLambda, type TestLambda } from './lambda.fixture.ts';

const [ruby] = await findInterpreters('ruby', process.env.PATH ?? '');

/** A gem where `bundle install --path vendor/bundle` and `sam build` put it. */
const vendored = (abi: string) => ({
  [`vendor/bundle/ruby/${abi}/gems/greet-1.0.0/lib/greet.rb`]: `GREETING = 'hello of ${abi}'`,
  [`vendor/bundle/ruby/${abi}/specifications/greet-1.0.0.gemspec`]: `Gem::Specification.new do |s|
    s.name = 'greet'
    s.version = '1.0.0'
    s.summary = 'greets'
    s.authors = ['x']
    s.require_paths = ['lib']
  end`,
});

const GREETS = { 'app.rb': "require 'greet'\ndef handler(event:, context:) = GREETING" };

describe('functions in Ruby', { skip: !ruby && 'needs Ruby' }, () => {
  let lambda: TestLambda;
  let count = 0;
  before(async () => {
    lambda = await startTestLambda();
  });
  after(() => lambda.stop());

  async function invoke(FunctionName: string) {
    const { LogResult, Payload, FunctionError } = await lambda.client.send(
      new InvokeCommand({ FunctionName, LogType: 'Tail' }),
    );
    const answer = JSON.parse(Buffer.from(Payload!).toString());
    return { answer, FunctionError, log: Buffer.from(LogResult!, 'base64').toString() };
  }

  async function outcomeOf(files: Record<string, string>, runtime: Runtime = 'ruby3.3') {
    const FunctionName = `ruby-${count++}`;
    await lambda.client.send(
      new CreateFunctionCommand({
        ...{ FunctionName, Runtime: runtime, Handler: 'app.handler', Role: ROLE, Timeout: 60 },
        Code: { ZipFile: zip(files) },
      }),
    );
    return { ...(await invoke(FunctionName)), again: () => invoke(FunctionName) };
  }

  it('vendored gems of the requested version are found', async () => {
    assert.equal((await outcomeOf({ ...GREETS, ...vendored('2.5.0') }, 'ruby2.5')).answer, 'hello of 2.5.0');
  });

  it('vendored gems of the interpreter’s version are found, and come first', async () => {
    const abi = `${ruby!.version}.0`;
    const files = { ...GREETS, ...vendored('2.5.0'), ...vendored(abi) };
    assert.equal((await outcomeOf(files, 'ruby2.5')).answer, `hello of ${abi}`);
  });

  it('an error while the file is loaded is in the log, with its stack trace', async () => {
    const { answer, FunctionError, log } = await outcomeOf(GREETS);
    assert.equal(FunctionError, 'Unhandled');
    assert.equal(answer.errorType, 'Init<LoadError>');
    assert.equal(answer.errorMessage, 'cannot load such file -- greet');
    assert.ok(answer.stackTrace.some((frame: string) => frame.startsWith('/var/task/app.rb:1:in ')));
    assert.ok(!answer.stackTrace.some((frame: string) => frame.includes('/ruby.rb')));
    const [, document] = /^Init error when loading handler \n(\{\n.*?\n\})\n/s.exec(log) ?? [];
    assert.deepEqual(JSON.parse(document!), answer);
    assert.match(
      log,
      /\n\}\nINIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: init\tStatus: error\tError Type: \S+\nSTART /,
    );
    assert.match(
      log,
      /\nREPORT RequestId: \S+\tDuration: \d+\.\d\d ms\t.*\tStatus: error\tError Type: \S+\t\n$/,
    );
  });

  const inits: [what: string, source: string, type: string][] = [
    ['a syntax error', 'def handler(', 'Init<SyntaxError>'],
    ['an error of the file', "raise 'no'", 'Init<RuntimeError>'],
    ['an exit', 'exit 3', 'Init<SystemExit>'],
  ];
  for (const [what, source, type] of inits) {
    it(`${what} is an init error`, async () => {
      const { answer, log } = await outcomeOf({ 'app.rb': source });
      assert.equal(answer.errorType, type);
      assert.match(log, /^Init error when loading handler \n\{\n/);
    });
  }

  it('an error of a handler leaves its environment, a critical one ends it', async () => {
    const raising = (statement: string) => ({
      'app.rb': `$count = 0\ndef handler(event:, context:)\n $count += 1\n ${statement}\nend`,
    });
    const common = await outcomeOf(raising('raise ArgumentError, $count.to_s'));
    assert.deepEqual([common.answer.errorType, common.answer.errorMessage], ['Function<ArgumentError>', '1']);
    assert.match(common.log, /\nError raised from handler method\n\{\n/);
    assert.equal((await common.again()).answer.errorMessage, '2');
    for (const [statement, type] of [
      ['exit 1', 'Function<SystemExit>'],
      ['nothing_of_the_kind', 'Function<NameError>'],
    ] as const) {
      const critical = await outcomeOf(raising(statement));
      assert.equal(critical.answer.errorType, type);
      assert.match(critical.log, /\nCritical exception from handler\n\{\n/);
      assert.match((await critical.again()).log, /\tInit Duration: /);
    }
  });

  it('a missing handler is an error of each invocation', async () => {
    const { answer, log } = await outcomeOf({ 'app.rb': 'X = 1' });
    assert.equal(answer.errorType, 'Function<NoMethodError>');
    assert.match(log, /^START /);
  });
});
