// Records which arguments of the engines' commands are keys that they write, from COMMAND of the installed engines.

import { writeFileSync } from 'node:fs';
import { readCommands } from '../src/feed/engine-format/commands/key-specifications.ts';
import { ENGINES, startBareEngine, versionOf } from '../test/support/bare-engine.ts';

const FILE = new URL('../src/feed/engine-format/generated/commands.json', import.meta.url);

const table: Record<string, unknown> = {};
for (const program of ENGINES) {
  await using engine = await startBareEngine(program);
  Object.assign(table, readCommands(await engine.client.call('COMMAND')));
  console.log(`${program} ${versionOf(program)}`);
}
const lines = Object.keys(table)
  .sort()
  .map((name) => `${JSON.stringify(name)}: ${JSON.stringify(table[name])}`);
writeFileSync(FILE, `{\n${lines.join(',\n')}\n}\n`);
