// A server that takes and gives 1 KB without looking: what putting and getting small objects is set beside.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const BYTES = Buffer.alloc(1024, 'x');
const HEAD = {
  etag: '"d41d8cd98f00b204e9800998ecf8427e"',
  'x-amz-request-id': '00000000-0000-0000-0000-000000000000',
  'x-amz-server-side-encryption': 'AES256',
};

const server = createServer((request, response) => {
  const body = request.method === 'GET' ? BYTES : undefined;
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { ...HEAD, 'content-length': body?.length ?? 0 });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
