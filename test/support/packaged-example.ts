// An example as `aws cloudformation package` uploads it for CloudFormation: its nested templates are in a bucket.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pathOfTest } from './outside-clients.ts';
import type { Walkthrough } from './walkthrough.ts';

/** Creates the bucket. Resolves to the URL of the root template. */
export async function packagedExample(
  t: TestContext,
  { aws, type }: Walkthrough,
  example: string,
  bucket: string,
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-example-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const template = join(directory, 'packaged.yaml');
  await aws('s3', 'mb', `s3://${bucket}`);
  const source = pathOfTest(`../examples/${example}/stack.yaml`);
  const printed = await type(
    ...['aws', 'cloudformation', 'package', '--template-file', source, '--s3-bucket', bucket],
    ...['--output-template-file', template],
  );
  if (!printed.includes('Successfully packaged')) throw new Error(printed);
  await aws('s3', 'cp', template, `s3://${bucket}/${example}.yaml`);
  return `https://${bucket}.s3.us-east-1.amazonaws.com/${example}.yaml`;
}
