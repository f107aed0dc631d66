// A program that creates and deletes a small stack over a store on disk, and kills itself at the given call:
// `node killed.fixture.ts DIRECTORY CALL`. Its resources are files. The next run continues where it stopped.

import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLog } from '../../../kernel/log.ts';
import { openStore } from '../../../store/store.ts';
import type { Neighbours } from '../context.ts';
import { createCloudFormation } from '../service.ts';

const [, , directory = '', killAt = ''] = process.argv;
const scope = { accountId: '123456789012', region: 'us-east-1' };
let calls = 0;
const mayDie = () => {
  if (++calls === Number(killAt)) process.kill(process.pid, 'SIGKILL');
};
const store = openStore(join(directory, 'state.sqlite'));
const cloudformation = createCloudFormation({
  store,
  clock: { now: () => Date.now() },
  log: silentLog,
  neighbours: {} as Neighbours,
  types: [
    {
      name: 'Fake::Test::Thing',
      async create({ logicalId, token }) {
        const physicalId = `thing-${logicalId}-${token}`;
        mayDie();
        writeFileSync(join(directory, physicalId), '');
        mayDie();
        return { physicalId, attributes: {} };
      },
      async delete({ physicalId }) {
        mayDie();
        rmSync(join(directory, physicalId), { force: true });
        mayDie();
      },
    },
  ],
});
await cloudformation.start();
const call = (operation: string, input: object) =>
  cloudformation.service.operations[operation]!(input, {
    ...scope,
    service: 'cloudformation',
    operation,
    requestId: 'test',
  });
const things = () => readdirSync(directory).filter((name) => name.startsWith('thing-')).length;
const thing = (needs?: string) => ({
  Type: 'Fake::Test::Thing',
  ...(needs && { Properties: { Of: { Ref: needs } } }),
});

if (!existsSync(join(directory, 'created'))) {
  const TemplateBody = JSON.stringify({ Resources: { A: thing(), B: thing('A'), C: thing('A') } });
  const isThere = await Promise.resolve(call('DescribeStacks', {})).then(({ Stacks }) => Stacks.length > 0);
  if (!isThere) await call('CreateStack', { StackName: 's', TemplateBody });
  await cloudformation.idle();
  process.stdout.write(`created ${things()}\n`);
  writeFileSync(join(directory, 'created'), '');
}
await call('DeleteStack', { StackName: 's' });
await cloudformation.idle();
process.stdout.write(`left ${things()}\n`);
await cloudformation.stop();
store.close();
