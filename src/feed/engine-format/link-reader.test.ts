import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ENGINES, startBareEngine } from '../../../test/support/bare-engine.ts';
import { seededRandom } from '../../../test/support/random-input.ts';
import { CommandReader } from './command-reader.ts';
import { FormatError } from './format-error.ts';
import { type LinkItem, LinkReader } from './link-reader.ts';

const ID = 'a'.repeat(40);
const MARK = 'b'.repeat(40);
const SET = '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\n\r\n\0\r\n';

/** All items of the bytes, cut after every so many, with the bytes of a dump in one. */
function read(text: string, size = text.length, reader = new LinkReader()): unknown[] {
  const bytes = Buffer.from(text, 'latin1');
  const items: LinkItem[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    reader.push(bytes.subarray(at, at + size));
    for (let item = reader.next(); item; item = reader.next()) items.push(item);
  }
  const seen: unknown[] = [];
  let dump = '';
  for (const item of items) {
    if (item.kind === 'dump-bytes') dump += item.bytes.toString('latin1');
    else if (item.kind === 'dump-ends') seen.push({ dump });
    else if (item.kind === 'command')
      seen.push([item.end, ...item.args.map((one) => one.toString('latin1'))]);
    else seen.push(item);
  }
  return seen;
}

describe('the link of a replica', () => {
  const cases: [name: string, text: string, items: unknown[]][] = [
    [
      'a dump of a known size, then commands',
      `+OK\r\n\n\n+FULLRESYNC ${ID} 100\r\n\n$5\r\nREDIS*1\r\n$4\r\nPING\r\n\n${SET}`,
      [
        { kind: 'reply', text: 'OK' },
        { kind: 'full-resync', id: ID, offset: 100 },
        { kind: 'dump-begins', size: 5 },
        { dump: 'REDIS' },
        [114, 'PING'],
        [115 + SET.length, 'SET', 'k', '\r\n\0'],
      ],
    ],
    [
      'a dump that a mark ends, after half a mark and an empty array',
      `+FULLRESYNC ${ID} 0\r\n$EOF:${MARK}\r\nREDIS${'b'.repeat(39)}\n${MARK}*0\r\n*-1\r\n*1\r\n$0\r\n\r\n`,
      [
        { kind: 'full-resync', id: ID, offset: 0 },
        { kind: 'dump-begins' },
        { dump: `REDIS${'b'.repeat(39)}\n` },
        [19, ''],
      ],
    ],
    [
      'a history that continues',
      `+PONG\r\n+CONTINUE ${ID}\r\n${SET}`,
      [{ kind: 'reply', text: 'PONG' }, { kind: 'continue', id: ID }, [SET.length, 'SET', 'k', '\r\n\0']],
    ],
    [
      'errors, a history that continues as it was',
      `-NOAUTH no\r\n-LOADING yes\r\n+CONTINUE\r\n`,
      [
        { kind: 'refusal', text: 'NOAUTH no' },
        { kind: 'refusal', text: 'LOADING yes' },
        { kind: 'continue' },
      ],
    ],
  ];
  for (const [name, text, items] of cases) {
    test(`reads ${name}, wherever the chunks are cut`, () => {
      for (let size = 1; size <= text.length; size++) assert.deepEqual(read(text, size), items);
    });
  }

  test('is refused where it is malformed or too large', () => {
    const begin = '+CONTINUE\r\n';
    const malformed = [
      '*2\r\n', // No answer.
      `+FULLRESYNC ${ID} 5\r\n$-1\r\n`,
      `+FULLRESYNC ${ID} 5\r\n+OK\r\n`,
      `${begin}SET a b\r\n`,
      `${begin}*1\r\n+OK\r\n`,
      `${begin}*1\r\n$-1\r\n`,
      `${begin}*1\r\n$1\r\nabc`,
      `${begin}*1\r\n$\r\n`,
      `${begin}*-2\r\n`,
      `${begin}*1\n`,
    ];
    const tooLarge = [`${begin}*99999999999\r\n`, `${begin}*9999999999\r\n`, `${begin}*1\r\n$9999999999\r\n`];
    for (const text of malformed) assert.throws(() => read(text, 1), { problem: 'malformed' }, text);
    for (const text of tooLarge) assert.throws(() => read(text, 1), { problem: 'too-large' }, text);
    assert.throws(() => read('+'.repeat(70_000)), { problem: 'too-large' });
    assert.throws(
      () => read(`${begin}*1\r\n$11\r\n`, 1, new LinkReader(0, { bytes: 10, arguments: 1 })),
      FormatError,
    );
  });

  test('ends or fails, and takes no memory ahead, on any change of its bytes', () => {
    const random = seededRandom(1);
    const pick = (below: number) => Math.floor(random() * below);
    const texts = cases.map(([, text]) => Buffer.from(text, 'latin1'));
    for (let round = 0; round < 20_000; round++) {
      const bytes = Buffer.from(texts[round % texts.length] as Buffer);
      for (let changes = pick(4); changes >= 0; changes--) bytes[pick(bytes.length)] = pick(256);
      try {
        read(bytes.toString('latin1'), 1 + pick(64));
      } catch (error) {
        assert.ok(error instanceof FormatError, String(error));
      }
    }
    // Announced, not sent.
    const before = process.memoryUsage().arrayBuffers;
    const readers = Array.from({ length: 50 }, () => new CommandReader(0));
    for (const reader of readers) {
      reader.push(Buffer.from('*4000000\r\n$1000000000\r\nabc'));
      assert.equal(reader.next(), undefined);
    }
    assert.ok(process.memoryUsage().arrayBuffers - before < 50 * 1024 ** 2);
  });

  for (const program of ENGINES) {
    for (const diskless of ['yes', 'no']) {
      test(`follows ${program}, diskless: ${diskless}`, async () => {
        await using engine = await startBareEngine(program, {
          'repl-diskless-sync': diskless,
          'repl-diskless-sync-delay': '0',
        });
        await engine.client.set('before', 'x'.repeat(100_000));
        using socket = disposable(engine.connect());
        const reader = new LinkReader();
        const items = linkItems(socket.stream, reader);
        socket.stream.write('REPLCONF capa eof capa psync2\r\n');
        let timer: NodeJS.Timeout | undefined;
        const kinds: string[] = [];
        let dump = Buffer.alloc(0);
        const commands: string[] = [];
        for await (const item of items) {
          if (item.kind !== kinds.at(-1)) kinds.push(item.kind);
          // Both at once are refused: `invalid with pending output`.
          if (item.kind === 'reply') socket.stream.write('PSYNC ? -1\r\n');
          if (item.kind === 'dump-bytes') dump = Buffer.concat([dump, item.bytes]);
          if (item.kind === 'dump-ends') {
            // One that comes before the primary knows that the transfer ended counts for nothing.
            timer = setInterval(() => socket.stream.write('REPLCONF ACK 0\r\n'), 50);
            await engine.client.multi().set('a', '1').rpush('b', 'x', '\r\n').exec();
            await engine.client.set('long', 'y'.repeat(300_000));
            await engine.client.del('a');
          }
          if (item.kind !== 'command') continue;
          commands.push(item.args.map((one) => one.toString().slice(0, 10)).join(' '));
          if (commands.at(-1) === 'DEL a' || commands.at(-1) === 'del a') break;
        }
        clearInterval(timer);
        const info = await engine.client.info('replication');
        assert.equal(reader.offset, Number(/master_repl_offset:(\d+)/.exec(info)?.[1]));
        assert.deepEqual(kinds, [
          ...['reply', 'full-resync', 'dump-begins', 'dump-bytes', 'dump-ends', 'command'],
        ]);
        assert.match(dump.toString('latin1', 0, 9), /^(REDIS|VALKEY)/);
        assert.equal(dump.at(-9), 255, 'the last opcode, before the check sum');
        assert.deepEqual(
          commands.map((one) => one.toUpperCase()).filter((one) => !/^(PING|SELECT)/.test(one)),
          ['MULTI', 'SET A 1', 'RPUSH B X \r\n', 'EXEC', 'SET LONG YYYYYYYYYY', 'DEL A'],
        );
      });
    }
  }
});

function disposable(stream: ReturnType<Awaited<ReturnType<typeof startBareEngine>>['connect']>) {
  return { stream, [Symbol.dispose]: () => void stream.destroy() };
}

async function* linkItems(stream: AsyncIterable<Buffer>, reader: LinkReader) {
  for await (const chunk of stream) {
    reader.push(chunk);
    for (let item = reader.next(); item; item = reader.next()) yield item;
  }
}
