// Calls the API from a network namespace in which only this program runs: reads calls as lines of JSON,
// `[service, operation, input]`, and answers each with a line. Bytes are `{ bytes: BASE64 }` in an input, and text in an output.

import { createInterface } from 'node:readline';

const [endpoint] = process.argv.slice(2);
const clients = new Map<string, { send(command: unknown): Promise<unknown> }>();

for await (const line of createInterface({ input: process.stdin })) {
  const [service, operation, input] = JSON.parse(line, (_, value) =>
    value?.bytes === undefined ? value : Buffer.from(value.bytes, 'base64'),
  ) as [string, string, unknown];
  try {
    const sdk = await import(`@aws-sdk/client-${service}`);
    const name = Object.keys(sdk).find((key) => key.toLowerCase() === `${service}client`)!;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    if (!clients.has(service))
      clients.set(service, new sdk[name]({ endpoint, region: 'us-east-1', credentials }));
    const output = await clients.get(service)!.send(new sdk[`${operation}Command`](input));
    console.log(
      JSON.stringify({ output }, (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString() : value,
      ),
    );
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
}
