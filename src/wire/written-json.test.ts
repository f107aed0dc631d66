import assert from 'node:assert/strict';
import { it } from 'node:test';
import { rpcv2Cbor } from './cbor.ts';
import { decodeCbor } from './cbor-bytes.ts';
import { awsJson1_0 } from './json.ts';
import { loadSchema } from './schema.ts';
import { WrittenJson } from './written-json.ts';

const item = (name: string) => {
  const value = { [name]: { S: `"${name}" \\ $&` }, bytes: { B: Buffer.of(1, 2) } };
  const text = JSON.stringify({ ...value, bytes: { B: 'AQI=' } });
  return { value, written: new WrittenJson(text, () => value) };
};
const [one, two] = [item('one'), item('two')];

it('a value that is JSON already is part of a response in its place, among others', () => {
  const scan = loadSchema('dynamodb').operation('Scan')!;
  const reply = { service: undefined, requestId: '' };
  const plain = awsJson1_0.encode(scan, { Items: [one.value, two.value, one.value], Count: 3 }, reply);
  const written = awsJson1_0.encode(scan, { Items: [one.written, two.value, one.written], Count: 3 }, reply);
  assert.equal(written.body, plain.body);
  const only = awsJson1_0.encode(scan, { Items: [two.written] }, reply);
  assert.deepEqual(JSON.parse(String(only.body)), { Items: [JSON.parse(two.written.text)] });
});

it('other formats read it', () => {
  const get = loadSchema('dynamodb').operation('GetItem')!;
  const { body } = rpcv2Cbor.encode(get, { Item: one.written }, { service: undefined, requestId: '' });
  const { Item } = decodeCbor(Buffer.from(body as Uint8Array), 100) as { Item: Record<string, unknown> };
  assert.deepEqual(Buffer.from((Item.bytes as { B: Uint8Array }).B), Buffer.of(1, 2));
});
