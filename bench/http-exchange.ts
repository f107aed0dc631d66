// One HTTP exchange over a bare socket, for benchmarks whose client must cost little.

import type { Socket } from 'node:net';

/** Sends a whole request and waits for its answer. Rejects when the status is not 200 or the connection ends. */
export function exchange(socket: Socket, request: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const gone = () => reject(new Error('the connection ended'));
    const take = (piece: Buffer) => {
      answer += piece.toString('latin1');
      const headEnd = answer.indexOf('\r\n\r\n');
      const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(answer)?.[1]);
      if (headEnd < 0 || answer.length < headEnd + 4 + length) return;
      socket.off('data', take).off('close', gone);
      if (answer.startsWith('HTTP/1.1 200 ')) resolve();
      else reject(new Error(answer));
    };
    socket.on('data', take).on('close', gone);
    socket.write(request);
  });
}
