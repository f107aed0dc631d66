import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { claimBlock, isBlockNumber } from './block.ts';
import { busyBlocks } from './busy-blocks.ts';

const none = async () => new Set<number>();
const own = `/test/millpond/${process.pid}`;

describe('claimBlock', () => {
  it('gives two instances different blocks, even for one directory', async (context) => {
    const a = await claimBlock({ dataDirectory: own });
    context.after(() => a.release());
    const b = await claimBlock({ dataDirectory: own, preferred: a.number });
    context.after(() => b.release());
    assert.notEqual(a.number, b.number);
    assert.ok(isBlockNumber(a.number) && isBlockNumber(b.number));
    assert.equal(a.dnsAddress, `127.${a.number}.0.2`);
    assert.ok(a.contains(a.dnsAddress) && !b.contains(a.dnsAddress));
  });

  it('finds the same block again, and claims the preferred one even while nodes run in it', async () => {
    const first = await claimBlock({ dataDirectory: `${own}/again`, busy: none });
    await first.release();
    const again = await claimBlock({ dataDirectory: `${own}/again`, busy: none });
    assert.equal(again.number, first.number);
    await again.release();
    const busy = async () => new Set([first.number]);
    const moved = await claimBlock({ dataDirectory: `${own}/again`, busy });
    assert.notEqual(moved.number, first.number);
    await moved.release();
    const kept = await claimBlock({ dataDirectory: `${own}/again`, busy, preferred: first.number });
    assert.equal(kept.number, first.number);
    await kept.release();
  });

  it('ignores an invalid preferred block', async () => {
    for (const preferred of [0, 1, 53, 127, 255, 2.5, Number.NaN]) {
      const block = await claimBlock({ dataDirectory: own, preferred });
      assert.notEqual(block.number, preferred);
      await block.release();
    }
  });

  it('reports when no block is left', async () => {
    const all = async () => new Set(Array.from({ length: 256 }, (_, i) => i));
    await assert.rejects(claimBlock({ dataDirectory: own, busy: all }), { code: 'AddressUnavailable' });
  });

  it('frees a block once its holder is killed', async () => {
    const script = `
      const { claimBlock } = await import(${JSON.stringify(new URL('./block.ts', import.meta.url).href)});
      const block = await claimBlock({ dataDirectory: ${JSON.stringify(`${own}/killed`)} });
      process.stdout.write(String(block.number));
      setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = (await once(holder.stdout, 'data')) as [Buffer];
    const preferred = Number(output.toString());
    const beside = await claimBlock({ dataDirectory: own, preferred });
    assert.notEqual(beside.number, preferred);
    await beside.release();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const after = await claimBlock({ dataDirectory: own, preferred });
    assert.equal(after.number, preferred);
    await after.release();
  });

  it('does not keep a process alive', async () => {
    const script = `
      const { claimBlock } = await import(${JSON.stringify(new URL('./block.ts', import.meta.url).href)});
      await claimBlock({ dataDirectory: ${JSON.stringify(`${own}/ended`)} });`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { timeout: 60_000 });
  });
});

describe('busyBlocks', { skip: process.platform !== 'linux' && 'needs Linux, for /proc' }, () => {
  it('sees a listener', async (context) => {
    const listener = createServer().listen(0, '127.77.1.1');
    await once(listener, 'listening');
    context.after(() => listener.close());
    assert.ok((await busyBlocks()).has(77));
    assert.equal((await busyBlocks('/nonexistent')).size, 0);
  });
});
