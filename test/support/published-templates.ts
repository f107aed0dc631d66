// The templates of the first and the fifth walkthrough: written here, in the shape and with the features of the
// published originals. Each prefix has its own folder in a bucket.

import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pathOfTest } from './outside-clients.ts';

/** A directory with the files `PREFIX-vpc.yaml`…, ready to upload; deleted when the test ends. */
export function publishedTemplates(t: TestContext, mode: 'off' | 'on', prefix: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-published-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const source = pathOfTest('scenarios/published');
  for (const file of readdirSync(source)) {
    const [name = '', only] = file.replace(/\.yaml$/, '').split(/-(?=off$|on$)/);
    if (only === undefined || only === mode)
      copyFileSync(join(source, file), join(directory, `${prefix}-${name}.yaml`));
  }
  return directory;
}
