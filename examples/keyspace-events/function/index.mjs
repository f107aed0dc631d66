// Writes a changed hash into the table. The event is that of the listener, and of a feed with `payload: article`:
// the key twice, and the fields of the hash as a text of JSON.

import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const table = new DynamoDBClient({});

/** Returns the key. */
export async function handler({ id, obj_name: name, body }) {
  await table.send(
    new PutItemCommand({
      TableName: process.env.TABLE,
      Item: { id: { S: id }, obj_name: { S: name }, body: { S: body } },
    }),
  );
  console.log(`saved ${id}`);
  return id;
}
