// Key patterns mean what they mean for the engine: both are given the same random patterns and keys.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ENGINES, startBareEngine } from '../../../test/support/bare-engine.ts';
import { compileGlob } from './glob.ts';

for (const program of ENGINES) {
  it(`as ${program} matches them`, async () => {
    await using engine = await startBareEngine(program);
    let state = 11;
    const random = (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
    const text = (alphabet: string, least: number, most: number) =>
      Array.from({ length: least + random(most) }, () => alphabet[random(alphabet.length)]).join('');
    const keys = [...new Set(Array.from({ length: 400 }, () => text('abc-]^\\*?[', 1, 6)))];
    await engine.client.mset(keys.flatMap((key) => [key, '1']));
    const patterns = Array.from({ length: 1_500 }, () => text('aabbc**??[]^-\\', 1, 9));
    const pipeline = engine.client.pipeline();
    for (const pattern of patterns) pipeline.keys(pattern);
    const answers = await pipeline.exec();
    for (const [index, pattern] of patterns.entries()) {
      const glob = compileGlob(pattern);
      const own = keys.filter((key) => glob(Buffer.from(key)));
      const [error, matched] = answers![index]!;
      assert.equal(error, null);
      assert.deepEqual(own.sort(), (matched as string[]).sort(), `the pattern ${pattern}`);
    }
  });
}
