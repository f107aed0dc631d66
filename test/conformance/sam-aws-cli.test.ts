// A serverless application by `aws cloudformation package` and `deploy`, as their documentation has it: a folder of code
// is packed and uploaded, and the change set asks for CAPABILITY_IAM only.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startEngineless } from '../support/engineless.ts';
import { AWS_CLI, awsEnvironment, run, WITHOUT_PYTHON_CLIENTS } from '../support/outside-clients.ts';

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Greet:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code
      Handler: app.handler
      Runtime: nodejs22.x
      FunctionUrlConfig: {AuthType: NONE}
Outputs:
  Url: {Value: !GetAtt GreetUrl.FunctionUrl}
`;

test('aws cloudformation package and deploy', { skip: WITHOUT_PYTHON_CLIENTS }, async (test) => {
  const { server } = await startEngineless(test);
  const directory = mkdtempSync(join(tmpdir(), 'millpond-sam-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, 'code'));
  const source = join(directory, 'template.yaml');
  const packed = join(directory, 'packed.yaml');
  writeFileSync(join(directory, 'code', 'app.js'), "exports.handler = async () => 'hello';");
  writeFileSync(source, TEMPLATE);
  const aws = async (...argv: string[]) => {
    const words = ['--endpoint-url', server.url, ...argv];
    const { code, stdout, stderr } = await run(AWS_CLI, words, awsEnvironment(server.url));
    assert.equal(code, 0, stderr);
    return stdout;
  };
  await aws('s3', 'mb', 's3://artifacts');
  const files = ['--template-file', source, '--output-template-file', packed];
  await aws('cloudformation', 'package', ...files, '--s3-bucket', 'artifacts');
  const deploy = ['cloudformation', 'deploy', '--stack-name', 'greeting', '--template-file', packed];
  const deployed = await aws(...deploy, '--capabilities', 'CAPABILITY_IAM');
  assert.match(deployed, /Successfully created\/updated stack - greeting/);
  const shown = await aws(
    ...['cloudformation', 'describe-stacks', '--stack-name', 'greeting'],
    ...['--query', 'Stacks[0].[StackStatus,ChangeSetId,Outputs[0].OutputValue]'],
  );
  const [status, changeSetId, url] = JSON.parse(shown) as [string, string, string];
  assert.equal(status, 'CREATE_COMPLETE');
  assert.match(changeSetId, /:changeSet\/awscli-cloudformation-package-deploy-/);
  assert.equal(await (await fetch(url)).text(), 'hello');
  assert.match(
    await aws(...deploy, '--capabilities', 'CAPABILITY_IAM', '--no-fail-on-empty-changeset'),
    /No changes to deploy/,
  );
});
