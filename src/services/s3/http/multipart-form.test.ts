// Valid forms of browsers and programs, and invalid forms.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMultipartForm } from './multipart-form.ts';

const TYPE = 'multipart/form-data; boundary=x';
const part = (parameters: string, content: string) =>
  `--x\r\nContent-Disposition: form-data; ${parameters}\r\n\r\n${content}\r\n`;
const parse = (text: string, type = TYPE) => parseMultipartForm(type, Buffer.from(text, 'latin1'));

test('a form that FormData writes is parsed', async () => {
  const form = new FormData();
  form.append('Key', 'a"\r\nb');
  form.append('é"', '');
  form.append('file', new File([new Uint8Array([0, 13, 10, 45, 45, 255])], 'a"b é.bin'));
  form.append('behind', 'it');
  const request = new Request('http://millpond', { method: 'POST', body: form });
  const type = request.headers.get('content-type')!;
  const parsed = parseMultipartForm(type, Buffer.from(await request.arrayBuffer()));
  assert.ok(typeof parsed === 'object');
  assert.deepEqual(
    [...parsed.fields],
    [
      ['key', 'a"\r\nb'],
      ['é"', ''],
    ],
  );
  assert.equal(parsed.file?.name, 'a"b é.bin');
  assert.deepEqual([...parsed.file.bytes], [0, 13, 10, 45, 45, 255]);
});

test('other valid spellings are parsed', () => {
  const text = `${part('name=key', 'k')}${part('name="file"; filename="f"', '')}--x--`;
  for (const type of [TYPE, 'Multipart/Form-Data; charset=utf-8; Boundary="x"']) {
    const parsed = parse(text, type);
    assert.ok(typeof parsed === 'object');
    assert.deepEqual([parsed.fields.get('key'), parsed.file?.bytes.length], ['k', 0]);
  }
  assert.deepEqual(parse('--x--'), { fields: new Map(), file: undefined });
});

test('malformed forms are recognised', () => {
  const file = part('name="file"', 'f');
  const texts = ['', 'x', '--x', '--x\r\n', '--y\r\n', file.slice(0, -3), `--x\r\n\r\n\r\n${file}--x--`];
  for (const text of texts) assert.equal(parse(text), 'malformed', JSON.stringify(text));
  assert.equal(parse(`${file}--x--`, 'multipart/form-data'), 'malformed');
  assert.equal(parse(`--x\r\n${'a: b\r\n'.repeat(9_000)}\r\n\r\n--x--`), 'malformed');
});

test('the size of the fields is bounded, and that of the file is not', () => {
  const file = part('name="file"', 'f'.repeat(100_000));
  const parsed = parse(`${file}--x--`);
  assert.ok(typeof parsed === 'object' && parsed.file?.bytes.length === 100_000);
  assert.equal(parse(`${part('name="a"', 'a'.repeat(21_000))}${file}--x--`), 'fields too large');
  assert.equal(parse(`${part('name="a"', '').repeat(100_000)}${file}--x--`), 'fields too large');
});
