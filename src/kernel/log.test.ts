// The log where it cannot be written: it is never the reason why something else ends.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { createLog } from './log.ts';

const FULL_DISK = '/dev/full';

test('a full disk costs entries of the log, and nothing else', {
  skip: !existsSync(FULL_DISK) && 'there is no /dev/full here',
}, () => {
  const log = createLog({ level: 'info', file: FULL_DISK });
  assert.doesNotThrow(() => {
    for (let entry = 0; entry < 3; entry++) log.info({ entry }, 'a line');
  });
});
