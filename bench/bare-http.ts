// A bare node:http server: it reads every request to its end and gives the answer that its parent has told it, without
// looking. What each operation of the API is set beside.

import { createServer, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BareAnswer {
  headers: OutgoingHttpHeaders;
  body: string;
}

let answer: { headers: OutgoingHttpHeaders; body: Buffer };

process.on('message', ({ headers, body }: BareAnswer) => {
  answer = { headers, body: Buffer.from(body) };
  process.send!('told');
});

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    const { headers, body } = answer;
    response.writeHead(200, { ...headers, 'content-length': body.length });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
