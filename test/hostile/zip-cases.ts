// Packages of functions: archives that are none, that hold too much, or that lead out of their directory.

import { deflateRawSync } from 'node:zlib';
import { zip } from '../../src/kernel/zip.ts';
import { asRest, type HostileCase, requestCase } from './cases.ts';

const MEBIBYTE = 1024 * 1024;
let functions = 0;

const create = (name: string, archive: () => Buffer): HostileCase =>
  requestCase('zip', name, () => {
    const body = {
      ...{
        FunctionName: `hostile-${functions++}`,
        Role: 'arn:aws:iam::000000000000:role/r',
        Runtime: 'nodejs22.x',
      },
      ...{ Handler: 'index.handler', Code: { ZipFile: archive().toString('base64') } },
    };
    return asRest('lambda', 'POST', '/2015-03-31/functions', JSON.stringify(body));
  });

const files = (count: number): Buffer =>
  zip(Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 'x'])));

/** One file, packed, which says that it has `bytes`. */
function packed(name: string, contents: Buffer): Buffer {
  const archive = zip({ [name]: deflateRawSync(contents) });
  const central = archive.indexOf(Buffer.from('504b0102', 'hex'));
  archive.writeUInt16LE(8, 8);
  archive.writeUInt32LE(contents.length, 22);
  archive.writeUInt16LE(8, central + 10);
  archive.writeUInt32LE(contents.length, central + 24);
  return archive;
}

export const zipCases: HostileCase[] = [
  create('nothing', () => Buffer.alloc(0)),
  create('noise', () => Buffer.alloc(100_000, 0x50)),
  create('an end without a beginning', () =>
    Buffer.concat([Buffer.from('504b0506', 'hex'), Buffer.alloc(18, 0xff)]),
  ),
  create('half an archive', () => files(1_000).subarray(0, 20_000)),
  create('60,000 files', () => files(60_000)),
  create('a file outside', () => zip({ '../../outside': 'x', '/absolute': 'x', 'a\\..\\b': 'x' })),
  create('a file twice', () =>
    Buffer.from(zip({ aa: 'x', ab: 'y' }).toString('latin1').replaceAll('ab', 'aa'), 'latin1'),
  ),
  create('deep directories', () => zip({ [`${'d/'.repeat(5_000)}f`]: 'x' })),
  create('a name of 60 KB', () => zip({ ['n'.repeat(60_000)]: 'x' })),
  create('300 MB of zeros', () => packed('index.js', Buffer.alloc(300 * MEBIBYTE))),
  create('40 MB that cannot be packed', () => zip({ 'index.js': noise(40 * MEBIBYTE) })),
];

function noise(bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  let state = 1;
  for (let at = 0; at < bytes; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    buffer.writeUInt32LE(state, at);
  }
  return buffer;
}
