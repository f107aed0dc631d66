// A client of Go's net/rpc over one connection, one call at a time: a request is a header and the arguments, a response
// a header and the result, each a value of gob.

import type { Socket } from 'node:net';
import { GobError, GobTooLong } from './gob-bytes.ts';
import { GobDecoder, type GobObject, type GobValue } from './gob-decoder.ts';
import { GobEncoder, type GobRecord, type GobStruct } from './gob-encoder.ts';

/** The server answered with an error, or not with what net/rpc answers, or its connection is closed. */
export class RpcError extends Error {
  /** `undefined` for any other error. */
  readonly kind: 'closed' | 'too long' | undefined;

  constructor(reason: string, kind?: 'closed' | 'too long') {
    super(reason);
    this.kind = kind;
  }
}

const REQUEST: GobStruct = {
  name: 'Request',
  fields: [
    { name: 'ServiceMethod', type: 'string' },
    { name: 'Seq', type: 'uint' },
  ],
};

interface Call {
  sequence: number;
  header: GobObject | undefined;
  resolve(result: GobObject): void;
  reject(error: Error): void;
}

/** A client on a connection that is open. `mostBytes` is the greatest length of a message. */
export class RpcClient {
  readonly #socket: Socket;
  readonly #encoder = new GobEncoder();
  readonly #decoder: GobDecoder;
  #sequence = 0;
  #call: Call | undefined;
  #failure: RpcError | undefined;

  constructor(socket: Socket, mostBytes: number) {
    this.#socket = socket;
    this.#decoder = new GobDecoder(mostBytes);
    socket.on('data', (piece) => this.#take(piece));
    socket.on('error', () => {});
    socket.once('close', () => this.#fail(new RpcError('the connection is closed', 'closed')));
  }

  /** Rejects with an RpcError. Call it again only after it has settled. */
  call(method: string, type: GobStruct, value: GobRecord): Promise<GobObject> {
    if (this.#failure) return Promise.reject(this.#failure);
    const sequence = this.#sequence++;
    return new Promise((resolve, reject) => {
      this.#call = { sequence, header: undefined, resolve, reject };
      this.#socket.write(
        Buffer.concat([
          this.#encoder.encode(REQUEST, { ServiceMethod: method, Seq: sequence }),
          this.#encoder.encode(type, value),
        ]),
      );
    });
  }

  #take(piece: Buffer): void {
    try {
      this.#decoder.add(piece);
      for (;;) {
        const value = this.#decoder.next();
        if (value === undefined) return;
        this.#receive(value);
      }
    } catch (error) {
      if (!(error instanceof GobError)) throw error;
      this.#fail(new RpcError(error.message, error instanceof GobTooLong ? 'too long' : undefined));
      this.#socket.destroy();
    }
  }

  #receive(value: GobValue): void {
    const call = this.#call;
    if (!call || !isObject(value)) throw new GobError('an answer was not asked for');
    if (!call.header) {
      if ((value.Seq ?? 0) !== call.sequence) throw new GobError('an answer has another number');
      call.header = value;
      return;
    }
    this.#call = undefined;
    const { Error: error } = call.header;
    if (typeof error === 'string' && error !== '') call.reject(new RpcError(error));
    else call.resolve(value);
  }

  #fail(failure: RpcError): void {
    this.#failure ??= failure;
    this.#call?.reject(this.#failure);
    this.#call = undefined;
  }
}

const isObject = (value: GobValue): value is GobObject =>
  typeof value === 'object' && !Array.isArray(value) && !Buffer.isBuffer(value) && !(value instanceof Map);
