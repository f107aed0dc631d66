import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type AgentMessage,
  acknowledgedSequence,
  acknowledgement,
  decodeMessage,
  encodeMessage,
  PAYLOAD,
} from './agent-message.ts';
import { DataChannel } from './data-channel.ts';

const RESEND = 400;
const ID = '01234567-89ab-cdef-0123-456789abcdef';

function message(over: Partial<AgentMessage>): Buffer {
  const base = { type: 'input_stream_data', sequence: 0, flags: 0, id: ID, payloadType: PAYLOAD.output };
  return encodeMessage({ ...base, payload: Buffer.alloc(0), ...over }, 1);
}

const acknowledges = (sequence: number): Buffer =>
  message({
    type: 'acknowledge',
    payload: acknowledgement({ type: 'output_stream_data', id: ID, sequence } as AgentMessage),
  });

/** A channel whose connection keeps what is sent. */
function open() {
  const events: string[] = [];
  const channel = new DataChannel(
    'root-01',
    'Standard_Stream',
    {
      ready: () => events.push('ready'),
      typed: (bytes) => events.push(`typed ${bytes}`),
      resized: ({ columns, rows }) => events.push(`${columns} × ${rows}`),
      terminated: () => events.push('terminated'),
      drained: () => events.push('drained'),
    },
    () => 1,
  );
  const connect = () => {
    const sent: AgentMessage[] = [];
    const connection = {
      isClosed: false,
      send: (bytes: Buffer) => void sent.push(decodeMessage(bytes)!),
      close: () => (connection.isClosed = true),
    };
    channel.attach(connection);
    return { sent, connection, ofType: (type: string) => sent.filter((one) => one.type === type) };
  };
  return { channel, events, connect };
}

const RESPONSE = message({ payloadType: PAYLOAD.handshakeResponse, payload: Buffer.from('{}') });

describe('a message of a data channel', () => {
  test('is read as it was written', () => {
    const given = {
      ...{ type: 'output_stream_data', sequence: 7, flags: 1, id: ID, payloadType: 3 },
      payload: Buffer.from('{}'),
    };
    const bytes = encodeMessage(given, 1_700_000_000_000);
    assert.deepEqual(decodeMessage(bytes), given);
    assert.equal(bytes.readUInt32BE(0), 116);
    // The halves of the id are swapped, as Java writes them.
    assert.equal(bytes.toString('hex', 64, 72), '0123456789abcdef');
    assert.equal(bytes.toString('hex', 72, 80), '0123456789abcdef');
  });

  test('is none when it is cut, too long or changed', () => {
    const bytes = message({ payload: Buffer.from('text') });
    for (let end = 0; end < bytes.length; end++)
      assert.equal(decodeMessage(bytes.subarray(0, end)), undefined);
    assert.equal(decodeMessage(Buffer.concat([bytes, Buffer.from('x')])), undefined);
    const changed = Buffer.from(bytes);
    changed[changed.length - 1]! ^= 1;
    assert.equal(decodeMessage(changed), undefined);
    for (const text of ['', 'x', '{}', '[]', 'null', '{"AcknowledgedMessageSequenceNumber":1.5}']) {
      assert.equal(acknowledgedSequence({ payload: Buffer.from(text) } as AgentMessage), undefined);
    }
  });
});

describe('a data channel', () => {
  test('shakes hands, then passes on what is typed, once and in order', () => {
    const { channel, events, connect } = open();
    const { ofType } = connect();
    assert.deepEqual(JSON.parse(String(ofType('output_stream_data')[0]!.payload)).RequestedClientActions, [
      { ActionType: 'SessionType', ActionParameters: { SessionType: 'Standard_Stream', Properties: null } },
    ]);
    channel.receive(message({ sequence: 1, payload: Buffer.from('early') }));
    assert.equal(ofType('acknowledge').length, 0, 'it comes again after what is missing');
    channel.receive(RESPONSE);
    channel.receive(message({ sequence: 1, payload: Buffer.from('a') }));
    channel.receive(message({ sequence: 1, payload: Buffer.from('a') }));
    const size = Buffer.from('{"cols":80,"rows":24}');
    channel.receive(message({ sequence: 2, payloadType: PAYLOAD.size, payload: size }));
    channel.receive(message({ sequence: 3, payloadType: PAYLOAD.size, payload: Buffer.from('{"cols":-1}') }));
    channel.receive(message({ sequence: 4, payloadType: PAYLOAD.flag, payload: Buffer.from([0, 0, 0, 2]) }));
    channel.receive(Buffer.from('garbage'));
    assert.deepEqual(events, ['ready', 'typed a', '80 × 24', 'terminated']);
    assert.deepEqual(
      ofType('acknowledge').map((one) => acknowledgedSequence(one)),
      [0, 1, 1, 2, 3, 4],
    );
  });

  test('stops taking output that nobody acknowledges, and goes on', () => {
    const { channel, events, connect } = open();
    const { ofType } = connect();
    channel.receive(RESPONSE);
    assert.ok(channel.hasRoom);
    channel.write(Buffer.alloc(300 * 1024, 'x'));
    assert.ok(!channel.hasRoom);
    const sent = ofType('output_stream_data');
    assert.deepEqual(
      sent.map((one) => one.sequence),
      sent.map((_, index) => index),
    );
    for (const { sequence } of sent) channel.receive(acknowledges(sequence));
    assert.deepEqual(events, ['ready', 'drained']);
    assert.ok(channel.hasRoom);
  });

  test('goes on over another connection with what was not acknowledged', async () => {
    const { channel, connect } = open();
    const first = connect();
    channel.receive(RESPONSE);
    channel.receive(acknowledges(0));
    channel.receive(acknowledges(1));
    channel.write(Buffer.from('lost'));
    const second = connect();
    assert.ok(first.connection.isClosed);
    channel.detach(first.connection);
    assert.deepEqual(
      second.sent.map((one) => `${one.sequence} ${one.payload}`),
      ['2 lost'],
    );
    const flushed = channel.flushed();
    channel.receive(acknowledges(2));
    await flushed;
    channel.close('The end.');
    const [closed] = second.ofType('channel_closed');
    assert.equal(JSON.parse(String(closed!.payload)).Output, 'The end.');
    assert.ok(second.connection.isClosed);
  });

  test('sends the oldest message again until it is acknowledged', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { channel, connect } = open();
    const { sent } = connect();
    t.mock.timers.tick(RESEND);
    t.mock.timers.tick(RESEND);
    assert.deepEqual(
      sent.map((one) => one.sequence),
      [0, 0, 0],
    );
    channel.receive(acknowledges(0));
    t.mock.timers.tick(10_000);
    assert.equal(sent.length, 3);
  });
});
