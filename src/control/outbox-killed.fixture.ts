// A program with an outbox on disk that kills itself at a given moment: `node outbox-killed.fixture.ts DIRECTORY WHEN
// CONTENT…`. It appends the contents, and delivers each entry as a line of the file `delivered`. With `committed` it
// kills itself after the commit; with `delivered`, after the first line and before the delivery is recorded.

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../kernel/clock.ts';
import { silentLog } from '../kernel/log.ts';
import { openStore } from '../store/store.ts';
import { DONE, openOutbox } from './outbox.ts';

const [, , directory = '', when = '', ...contents] = process.argv;
const scope = { accountId: '000000000000', region: 'us-east-1' };
const die = () => process.kill(process.pid, 'SIGKILL');
const store = openStore(join(directory, 'state.sqlite'));
const outbox = openOutbox<string>({
  ...{ name: 'test', store, clock: systemClock, log: silentLog },
  policy: {
    ...{ perLane: 1, mostAtOnce: 8, keepsOrder: true, mostWaiting: 100, mostDeadLetters: 0 },
    retries: { attempts: 1, delaysMs: [], retentionMs: 3_600_000 },
  },
  async attempt({ content }) {
    appendFileSync(join(directory, 'delivered'), `${content}\n`);
    if (when === 'delivered') die();
    return DONE;
  },
});
for (const content of contents) outbox.append(scope, ['lane'], content);
if (when === 'committed') die();
outbox.start();
await outbox.idle();
await outbox.stop();
store.close();
