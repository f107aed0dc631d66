// The REST protocols, with a service that exists only in this test. The codecs' output is compared with texts, because
// no client can read it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeFailure } from './failure.ts';
import { Fault } from './fault.ts';
import type { Codec, WireRequest } from './request.ts';
import { restJson1 } from './rest-json.ts';
import { restXml } from './rest-xml.ts';
import { linkSchema } from './schema.ts';
import type { ServiceFile } from './schema-file.ts';

const shelf: ServiceFile = {
  name: 'shelf',
  serviceId: 'Shelf',
  package: '',
  protocol: 'restXml',
  version: '2026-01-01',
  targetPrefix: '',
  namespace: 'com.example.shelf',
  xmlNamespace: 'https://example.com/shelf/',
  operations: {
    PutBook: ['#PutBookRequest', '#PutBookResponse', ['PUT', '/shelves/{Shelf}/{Path+}?x-id=PutBook', 201]],
    CopyBook: ['#CopyBookRequest', null, ['PUT', '/shelves/{Shelf}/{Path+}', 204]],
    ReadPage: ['#ReadPageRequest', '#ReadPageResponse', ['GET', '/pages/{Page}', 200]],
  },
  errors: { NoSuchShelf: { status: 404, fault: 'client' } },
  shapes: {
    PutBookRequest: {
      struct: {
        Shelf: ['string', { httpLabel: 1 }],
        Path: ['string', { httpLabel: 1 }],
        Tags: ['[string]', { httpQuery: 'tag' }],
        At: ['timestamp', { httpHeader: 'X-At' }],
        Meta: ['{string}', { httpPrefixHeaders: 'x-meta-' }],
        Title: 'string',
        Authors: ['#Authors', { xmlName: 'Author', xmlFlattened: 1 }],
        Chapters: '#Chapters',
        Counts: '{number}',
      },
      required: 2,
    },
    PutBookResponse: {
      struct: {
        Etag: ['string', { httpHeader: 'ETag' }],
        Title: 'string',
        Bound: 'timestamp',
        Authors: ['#Authors', { xmlName: 'Author', xmlFlattened: 1 }],
        Counts: '{number}',
      },
    },
    CopyBookRequest: {
      struct: {
        Shelf: ['string', { httpLabel: 1 }],
        Path: ['string', { httpLabel: 1 }],
        Source: ['string', { httpHeader: 'x-source' }],
      },
      required: 3,
    },
    ReadPageRequest: { struct: { Page: ['number', { httpLabel: 1 }] }, required: 1 },
    ReadPageResponse: {
      struct: {
        Body: ['streamingBlob', { httpPayload: 1 }],
        Kind: ['string', { httpHeader: 'Content-Type' }],
      },
    },
    Authors: { list: 'string' },
    Chapters: { list: ['#Chapter', { xmlName: 'Chapter' }] },
    Chapter: {
      struct: { Name: 'string', Kind: ['string', { xmlAttribute: 1, xmlName: 'x:kind' }] },
      required: 1,
    },
    NoSuchShelf: { struct: { message: 'string', Shelf: 'string' } },
  },
};

const service = linkSchema(shelf);
const reply = { service, requestId: 'id' };

function read(codec: Codec, method: string, target: string, headers: WireRequest['headers'] = {}, body = '') {
  const url = new URL(`http://shelf${target}`);
  const call = codec.read(service, { method, url, path: url.pathname, headers, body: Buffer.from(body) });
  return { operation: call.operation.name, input: call.decode() };
}

const BOOK = {
  Title: 'A & B',
  Authors: ['x', 'y'],
  Chapters: [{ Name: 'one', Kind: 'k' }],
  Counts: { pages: 7 },
};

describe('bindings to the head', () => {
  it('are labels, query parameters and headers', () => {
    const headers = { 'x-at': 'Thu, 01 Jan 2026 00:00:00 GMT', 'x-meta-colour': 'red' };
    assert.deepEqual(read(restXml, 'PUT', '/shelves/a%20b/c/d%2Fe?tag=1&tag=2', headers), {
      operation: 'PutBook',
      input: {
        Shelf: 'a b',
        Path: 'c/d/e',
        Tags: ['1', '2'],
        At: new Date('2026-01-01T00:00:00Z'),
        Meta: { colour: 'red' },
      },
    });
  });

  it('distinguish operations on one path by their required members', () => {
    const { operation, input } = read(restXml, 'PUT', '/shelves/a/b', { 'x-source': 'c' });
    assert.deepEqual([operation, input], ['CopyBook', { Shelf: 'a', Path: 'b', Source: 'c' }]);
  });

  it('refuse unknown routes, invalid encodings and invalid numbers', () => {
    const refused = (target: string) => {
      try {
        return read(restXml, 'GET', target);
      } catch (error) {
        return error instanceof Fault ? error.shape : error;
      }
    };
    assert.equal(refused('/nowhere'), 'UnknownOperationException');
    assert.equal(refused('/pages/%ff'), 'MalformedXML');
    assert.equal(refused('/pages/seven'), 'MalformedXML');
  });
});

describe('XML documents', () => {
  const xml = `<?xml version="1.0"?><!-- note --><PutBookRequest xmlns="https://example.com/shelf/" xmlns:x="urn:x">
      <Title>A &amp; <![CDATA[B]]></Title><Author>x</Author><Author>y</Author><Unknown/>
      <Chapters><Chapter x:kind="k"><Name>one</Name></Chapter></Chapters>
      <Counts><entry><key>pages</key><value>7</value></entry></Counts>
    </PutBookRequest>`;

  it('are read', () => {
    const { input } = read(restXml, 'PUT', '/shelves/a/b', {}, xml);
    assert.deepEqual(input, { Shelf: 'a', Path: 'b', ...BOOK });
  });

  it('are refused when malformed, too deep, or with their own entities', () => {
    const refused = [
      '<a>',
      '<a></b>',
      '<a/><b/>',
      'text',
      '<a>&bomb;</a>',
      '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
      '<a>'.repeat(10_000),
      '<a b="c></a>',
      '<a>&#x110000;</a>',
    ];
    for (const body of refused) {
      assert.throws(
        () => read(restXml, 'PUT', '/shelves/a/b', {}, body),
        { shape: 'MalformedXML' },
        body.slice(0, 50),
      );
    }
  });

  it('are written', () => {
    const output = {
      Etag: '"e"',
      Title: 'A <B>\u0000',
      Bound: new Date(0),
      Authors: ['x', 'y'],
      Counts: { a: 1 },
    };
    const answer = restXml.encode(service.operation('PutBook')!, output, reply);
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.etag, '"e"');
    assert.equal(
      answer.body,
      '<?xml version="1.0" encoding="UTF-8"?>\n<PutBookResponse xmlns="https://example.com/shelf/">' +
        '<Title>A &lt;B&gt;\uFFFD</Title><Bound>1970-01-01T00:00:00.000Z</Bound><Author>x</Author><Author>y</Author>' +
        '<Counts><entry><key>a</key><value>1</value></entry></Counts></PutBookResponse>',
    );
  });
});

describe('JSON documents', () => {
  it('are read and written', () => {
    const { input } = read(restJson1, 'PUT', '/shelves/a/b', {}, JSON.stringify(BOOK));
    assert.deepEqual(input, { Shelf: 'a', Path: 'b', ...BOOK });
    const answer = restJson1.encode(
      service.operation('PutBook')!,
      { Etag: 'e', Bound: new Date(1500) },
      reply,
    );
    assert.deepEqual([answer.status, answer.headers.etag, answer.body], [201, 'e', '{"Bound":1.5}']);
  });
});

it('a payload is the body and has its own content type', () => {
  const answer = restXml.encode(
    service.operation('ReadPage')!,
    { Body: Buffer.from('é'), Kind: 'text/plain' },
    reply,
  );
  assert.equal(answer.headers['content-type'], 'text/plain');
  assert.deepEqual(answer.body, Buffer.from('é'));
});

it('the response of an operation without output has an empty body', () => {
  assert.deepEqual(restXml.encode(service.operation('CopyBook')!, {}, reply), {
    status: 204,
    headers: {},
    body: '',
  });
});

it('failures have the members of their shape', () => {
  const fault = new Fault('NoSuchShelf', 'gone', { members: { Shelf: 'a' } });
  const failure = describeFailure(fault, service);
  const json = restJson1.encodeFailure(failure, reply);
  assert.deepEqual(
    [json.status, json.headers['x-amzn-errortype'], JSON.parse(String(json.body))],
    [404, 'NoSuchShelf', { __type: 'NoSuchShelf', message: 'gone', Shelf: 'a' }],
  );
  const xml = restXml.encodeFailure(failure, reply);
  assert.match(
    String(xml.body),
    /<Code>NoSuchShelf<\/Code><Message>gone<\/Message><Shelf>a<\/Shelf><\/Error><RequestId>id</,
  );
});
