import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { EngineProcess } from './engine-process.ts';
import { createProcessTable } from './process-table.ts';

it('notices a child that exited before it was watched', { timeout: 10_000 }, async (test) => {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-engine-'));
  const child = spawn('sh', ['-c', 'exit 3'], { cwd: directory, detached: true, stdio: 'ignore' });
  await once(child, 'exit');
  const record = {
    ...{ key: 'a', address: '127.0.0.1', port: 1, renameCommands: undefined },
    binary: { engine: 'redis' as const, version: '7.0.15', path: '/nowhere' },
  };
  const watched = new EngineProcess({
    ...{ pid: child.pid!, startTick: '', record, directory, child },
    ...{ table: createProcessTable(), log: silentLog },
  });
  test.after(() => {
    watched.close();
    rmSync(directory, { recursive: true, force: true });
  });
  assert.equal(await watched.ended, 'it ended with status 3');
  assert.equal(watched.ending, true);
});
