// The process that unpacks an image: reads a task as one line of JSON, writes the answer as another. It is a process of
// its own because unpacking is a hundred thousand blocking calls, and because the files are hostile.

import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { hostFailure, OperationalError } from '../../../kernel/errors.ts';
import { type FileSink, LayerWriter, refusal } from './layer-writer.ts';
import type { Layer, UnpackAnswer, UnpackTask } from './unpack-task.ts';

/** PAX headers: names and attributes of one file. */
const MOST_HEADER_BYTES = 1024 ** 2;
const GZIP = 0x1f8b;
const ZSTD = 0x28b52ffd;
/** What the parser reports of archives that no reader should trust. */
const BROKEN = /^TAR_(BAD_ARCHIVE|ABORT|ENTRY_(INVALID|ERROR))$/;

async function unpack(task: UnpackTask): Promise<UnpackAnswer> {
  const writer = new LayerWriter(task.root, task.firstId, task.bounds);
  for (const layer of task.layers) {
    writer.beginLayer();
    await applyLayer(layer, writer);
  }
  return { kind: 'done', bytes: writer.bytes, entries: writer.entries };
}

async function applyLayer(layer: Layer, writer: LayerWriter): Promise<void> {
  const { size } = statSync(layer.file);
  if (layer.size !== undefined && size !== layer.size) {
    throw refusal(`its layer ${layer.digest} has ${size} bytes, not ${layer.size}`);
  }
  const hash = createHash('sha256');
  const file = createReadStream(layer.file, { highWaterMark: 1024 ** 2 });
  file.on('data', (bytes) => hash.update(bytes));
  const archive = opened(file, layer.file);
  const parser = new LayerParser(writer);
  try {
    for await (const bytes of archive as AsyncIterable<Buffer>) {
      writer.count(bytes.length);
      parser.write(bytes);
    }
    parser.end();
    if (archive !== file) for await (const _ of file);
  } catch (error) {
    if (error instanceof OperationalError || (error as NodeJS.ErrnoException).syscall) throw error;
    throw refusal(`its layer ${layer.digest ?? ''} cannot be read: ${(error as Error).message}`);
  } finally {
    file.destroy();
  }
  if (layer.digest !== undefined && `sha256:${hash.digest('hex')}` !== layer.digest) {
    throw refusal(`the content of its layer ${layer.digest} is another one`);
  }
}

/** Decompresses by what the file is, whatever its manifest calls it. */
function opened(file: Readable, path: string): Readable {
  const start = Buffer.alloc(4);
  const descriptor = openSync(path, 'r');
  readSync(descriptor, start, 0, 4, 0);
  closeSync(descriptor);
  const unzip =
    start.readUInt16BE() === GZIP
      ? createGunzip({ chunkSize: 256 * 1024 })
      : start.readUInt32BE() === ZSTD
        ? createZstdDecompress({ chunkSize: 256 * 1024 })
        : undefined;
  if (!unzip) return file;
  file.once('error', (error) => unzip.destroy(error));
  return file.pipe(unzip);
}

/** Feeds a writer with the entries of an archive, synchronously. */
class LayerParser {
  readonly #parser: Parser;
  /** An archive of nothing is nothing but zeros: the parser would take it for no archive. */
  #hasContent = false;
  #failure: unknown;

  constructor(writer: LayerWriter) {
    this.#parser = new Parser({
      maxMetaEntrySize: MOST_HEADER_BYTES,
      onwarn: (code, message) => {
        if (this.#hasContent && BROKEN.test(code))
          this.#failure ??= refusal(`it has a broken layer: ${message}`);
      },
      onReadEntry: (entry) => {
        let sink: FileSink | undefined;
        this.#attempt(() => (sink = writer.add(entryOf(entry))));
        entry.on('data', (bytes: Buffer) => this.#attempt(() => sink?.write(bytes)));
        entry.on('end', () => this.#attempt(() => sink?.end()));
        entry.resume();
      },
    });
  }

  write(bytes: Buffer): void {
    this.#hasContent ||= bytes.some((byte) => byte !== 0);
    this.#parser.write(bytes);
    if (this.#failure) throw this.#failure;
  }

  end(): void {
    this.#parser.end();
    if (this.#failure) throw this.#failure;
  }

  /** The parser must not see exceptions. After the first one nothing is written. */
  #attempt(action: () => void): void {
    if (this.#failure) return;
    try {
      action();
    } catch (error) {
      this.#failure = error;
    }
  }
}

const entryOf = (entry: ReadEntry) => ({
  path: entry.path,
  type: entry.type,
  linkPath: entry.linkpath ?? '',
  mode: entry.mode ?? 0o644,
  uid: entry.uid ?? 0,
  gid: entry.gid ?? 0,
  modifiedAt: entry.mtime?.getTime(),
});

function answerOf(error: unknown): UnpackAnswer {
  const failure = hostFailure(error, 'The image cannot be unpacked') ?? refusal((error as Error).message);
  return { kind: 'refused', code: failure.code, message: failure.message };
}

const task = JSON.parse(await text(process.stdin)) as UnpackTask;
const answer = await unpack(task).catch(answerOf);
process.stdout.write(`${JSON.stringify(answer)}\n`);
