import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readUpdate } from '../requests/writes.ts';
import type { GivenAttributes, Item } from '../values.ts';
import { checkAssignedIndexKeys, checkIndexKeys } from './item-keys.ts';
import type { Index } from './model.ts';

const index: Index = {
  ...{ id: 1, kind: 'global', name: 'byC', status: 'ACTIVE', projection: { type: 'ALL' } },
  key: { hash: { name: 'c', type: 'S' } },
};
const table = { indexes: [index] };

function refusal(UpdateExpression: string, ExpressionAttributeValues?: GivenAttributes): string | undefined {
  const { update } = readUpdate({ Key: {}, UpdateExpression, ExpressionAttributeValues });
  try {
    checkAssignedIndexKeys(table, update);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

// What AWS answered to dynalite's tests and to dynamodb-conformance.
it('what an update assigns to an attribute of an index has its type, as far as the expression tells', () => {
  const mismatch =
    'One or more parameter values were invalid: Type mismatch for Index Key c Expected: S Actual: N IndexName: byC';
  const number = { ':a': { N: '1' } };
  assert.equal(refusal('SET d.a = :a ADD c :a', number), mismatch);
  assert.equal(refusal('SET e = c, c = a + :a', number), mismatch);
  assert.equal(refusal('SET c = if_not_exists(c, :a)', number), mismatch);
  assert.match(
    refusal('SET c = :a', { ':a': { S: '' } })!,
    /attempted to update a secondary index key to a value that is not supported.*empty string value\.$/,
  );
  assert.equal(refusal('SET c = d'), undefined);
  assert.equal(refusal('SET c.d = :a REMOVE c1', number), undefined);
  assert.equal(refusal('REMOVE c'), undefined);
  assert.equal(refusal('SET c = :a', { ':a': { S: 'x' } }), undefined);
});

it('what an update takes from the item has the type of the index', () => {
  const before: Item = { e: { N: '1' } };
  const { update } = readUpdate({ Key: {}, UpdateExpression: 'SET c = e' });
  assert.throws(() => checkIndexKeys(table, update.applyTo(before), before, true), {
    name: 'ValidationException',
    message: 'The update expression attempted to update the secondary index key to unsupported type',
  });
  assert.throws(() => checkIndexKeys(table, { c: { N: '1' } }), /Type mismatch for Index Key c/);
});
