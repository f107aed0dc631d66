// A bare node:http server, the baseline for operations of the API: it reads every request to its end and sends the
// answer that its parent has given it.

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
