// A serverless application by the SAM CLI, with the commands that AWS's samples print: build, package, deploy and
// delete. Deploy acknowledges CAPABILITY_IAM only.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startEngineless } from '../support/engineless.ts';
import { awsEnvironment, run, SAM_CLI, WITHOUT_SAM_CLI } from '../support/outside-clients.ts';

// `Tracing: Active` is recorded, and allows the role to send traces.
const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Greet:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code
      Handler: app.handler
      Runtime: nodejs22.x
      Tracing: Active
      FunctionUrlConfig: {AuthType: NONE}
Outputs:
  Url: {Value: !GetAtt GreetUrl.FunctionUrl}
`;

const STACK = ['--stack-name', 'greeting'];

test('sam build, package, deploy and delete', { skip: WITHOUT_SAM_CLI }, async (test) => {
  const { server } = await startEngineless(test);
  const directory = mkdtempSync(join(tmpdir(), 'millpond-sam-cli-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, 'code'));
  writeFileSync(join(directory, 'code', 'app.js'), "exports.handler = async () => 'hello';");
  writeFileSync(join(directory, 'template.yaml'), TEMPLATE);
  // Otherwise it asks an address on the internet for its newest version.
  mkdirSync(join(directory, '.aws-sam'));
  const lastVersionCheck = Date.now() / 1000;
  writeFileSync(join(directory, '.aws-sam', 'metadata.json'), JSON.stringify({ lastVersionCheck }));
  const environment = {
    ...awsEnvironment(server.url),
    HOME: directory,
    SAM_CLI_TELEMETRY: '0',
  };
  // It has no option for the directory.
  const sam = async (...words: string[]) => {
    const line = ['-c', 'cd "$0" && exec "$@"', directory, SAM_CLI, ...words];
    const { code, stdout, stderr } = await run('/bin/sh', line, environment);
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };
  const made = await fetch(`${server.url}/artifacts`, {
    method: 'PUT',
    headers: { authorization: 'AWS test:signature' },
  });
  assert.equal(made.status, 200);

  await sam('build');
  await sam('package', '--output-template-file', 'packaged.yaml', '--s3-bucket', 'artifacts');
  const deploy = ['deploy', '--template-file', 'packaged.yaml', ...STACK, '--capabilities', 'CAPABILITY_IAM'];
  const deployed = await sam(...deploy);
  assert.match(deployed, /Successfully created\/updated stack - greeting/);
  const [, url] = /Value +(http:\S+)/.exec(deployed) ?? [];
  assert.equal(await (await fetch(url!)).text(), 'hello');
  assert.match(await sam(...deploy, '--no-fail-on-empty-changeset'), /No changes to deploy/);
  assert.match(await sam('delete', '--no-prompts', ...STACK), /Deleted successfully/);
  await assert.rejects(fetch(url!));
});
