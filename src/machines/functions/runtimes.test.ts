import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { FunctionSpec } from './function.ts';
import type { Place } from './isolation-types.ts';
import { runtimeVariables } from './runtimes.ts';

const place: Place = {
  ...{ task: '/var/task', layers: ['/opt'], runtime: '/var/runtime', sdkFrom: '/var/provided/from.js' },
  ...{ bin: '/var/lang/bin', temporary: '/tmp' },
};

it('Ruby finds vendored gems and gems of layers, for the actual and the requested version', () => {
  const spec = { runtime: 'ruby3.3', handler: 'app.handler', memoryBytes: 2 ** 30 } as FunctionSpec;
  const own = { GEM_PATH: '/tmp/gems' };
  const variables = runtimeVariables(spec, own, { family: 'ruby', version: '3.4' }, place, '127.0.0.1:1');
  assert.equal(
    variables.GEM_PATH,
    [
      ...['/tmp/gems', '/var/task/vendor/bundle/ruby/3.4.0', '/var/task/vendor/bundle/ruby/3.3.0'],
      ...['/opt/ruby/gems/3.4.0', '/opt/ruby/gems/3.3.0'],
    ].join(':'),
  );
  assert.equal(variables.RUBYLIB, '/var/task:/var/runtime/lib:/opt/ruby/lib');
});
