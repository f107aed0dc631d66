// The table of callers and the operations that they may call.

import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { MANIFESTS } from '../../services/index.ts';
import { knownServices, loadSchema } from '../schema.ts';
import { type Caller, callerOf } from './caller.ts';
import {
  isSigningHeader,
  judge,
  judgeHead,
  judgeRoute,
  type RequestedOperation,
  type Verdict,
} from './rules.ts';

const PROGRAM: Caller = { kind: 'program' };
const ALLOWED: Caller = { kind: 'allowed page', origin: 'http://localhost:3000' };
const BROWSER: Caller = { kind: 'browser' };
const HIDDEN: Caller = { kind: 'foreign page', origin: undefined };
const FOREIGN: Caller = { kind: 'foreign page', origin: 'https://evil.example' };
const NULL: Caller = { kind: 'foreign page', origin: 'null' };
const PAGES: Caller[] = [HIDDEN, FOREIGN, NULL];
const CALLERS: Record<string, Caller> = { PROGRAM, ALLOWED, BROWSER, HIDDEN, FOREIGN, NULL };

test('Origin and Sec-Fetch-Site alone decide who calls', () => {
  const allowed = new Set(['http://localhost:3000']);
  const rows: [origin: string | undefined, site: string | undefined, caller: Caller][] = [
    [undefined, undefined, PROGRAM],
    [undefined, 'none', BROWSER],
    [undefined, 'same-origin', BROWSER],
    [undefined, 'same-site', HIDDEN],
    [undefined, 'cross-site', HIDDEN],
    [undefined, 'something new', HIDDEN],
    [undefined, '', HIDDEN],
    ['http://localhost:3000', undefined, ALLOWED],
    ['http://localhost:3000', 'same-site', ALLOWED],
    ['http://localhost:3000', 'cross-site', ALLOWED],
    ['https://evil.example', undefined, FOREIGN],
    ['https://evil.example', 'cross-site', FOREIGN],
    ['https://evil.example', 'none', FOREIGN],
    ['https://evil.example', 'same-origin', FOREIGN],
    ['null', undefined, NULL],
    ['null', 'cross-site', NULL],
    ['', undefined, { kind: 'foreign page', origin: '' }],
    ['http://localhost:3001', undefined, { kind: 'foreign page', origin: 'http://localhost:3001' }],
    ['HTTP://localhost:3000', undefined, { kind: 'foreign page', origin: 'HTTP://localhost:3000' }],
    [
      'http://localhost:3000, http://localhost:3000',
      undefined,
      { kind: 'foreign page', origin: 'http://localhost:3000, http://localhost:3000' },
    ],
  ];
  for (const [origin, site, caller] of rows) {
    const headers = { origin, 'sec-fetch-site': site, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };
    assert.deepEqual(callerOf(headers, allowed), caller, `${origin} ${site}`);
  }
});

const asked = ({ service = 's3', ...changes }: Partial<RequestedOperation>): RequestedOperation => ({
  ...{ service, dialect: MANIFESTS.find(({ name }) => name === service)?.dialect },
  ...{ operation: 'GetObject', method: 'GET' },
  ...{ isQuery: false, hasSigningHeader: false, isSigned: false },
  ...changes,
});
const query = (service: string, operation: string, method: string, more: Partial<RequestedOperation> = {}) =>
  asked({ service, operation, method, isQuery: true, ...more });
const s3 = (operation: string, method: string, more: Partial<RequestedOperation> = {}) =>
  asked({ operation, method, ...more });

const SIGNED = { isSigned: true };
const BY_HEADER = { isSigned: true, hasSigningHeader: true };

/** `+`: admitted. `b`: the bucket's rules decide. A word: refused for that reason. */
type Word = '+' | 'b' | 'page' | 'reads' | 'get';

const wordOf = (verdict: Verdict): Word => {
  if (verdict.admitted === true) return '+';
  if (verdict.admitted === 'by page rules') return 'b';
  return (
    { 'foreign page': 'page', 'only reads': 'reads', 'change by GET': 'get', 'foreign host': 'page' } as const
  )[verdict.refusal];
};

type Row = [string, RequestedOperation, Record<string, Word>];
const row = (what: string, call: RequestedOperation, words: string): Row => {
  const [PROGRAM, ALLOWED, BROWSER, HIDDEN, FOREIGN, NULL] = words.split(/\s+/) as Word[];
  return [what, call, { PROGRAM, ALLOWED, BROWSER, HIDDEN, FOREIGN, NULL } as Record<string, Word>];
};

const ROWS: Row[] = [
  //                                                                                    program allowed browser hidden foreign null
  row('a change by POST', query('cloudformation', 'CreateStack', 'POST'), '+ + reads page page page'),
  row(
    'signed in the query',
    query('cloudformation', 'CreateStack', 'POST', SIGNED),
    '+ + reads page page page',
  ),
  row('a change by GET', query('cloudformation', 'CreateStack', 'GET'), 'get get get get get get'),
  row(
    'with a signature that anyone can make up',
    query('sts', 'AssumeRole', 'GET', SIGNED),
    'get get get get get get',
  ),
  row('with a header', query('cloudformation', 'CreateStack', 'GET', BY_HEADER), '+ + reads page page page'),
  row('a read by GET', query('elasticache', 'DescribeCacheClusters', 'GET'), '+ + + page page page'),
  row('a read by POST', query('elasticache', 'DescribeCacheClusters', 'POST'), '+ + + page page page'),
  row('an unknown operation by GET', query('elasticache', 'Fly', 'GET'), 'get get get get get get'),
  row('JSON', query('ssm', 'PutParameter', 'POST', BY_HEADER), '+ + reads page page page'),
  row('the link that confirms', query('sns', 'ConfirmSubscription', 'GET'), '+ + + + + +'),
  row('the link that ends', query('sns', 'Unsubscribe', 'GET'), '+ + + + + +'),
  row('the same by POST', query('sns', 'Unsubscribe', 'POST'), '+ + reads page page page'),
  row('their names elsewhere', query('elasticache', 'Unsubscribe', 'GET'), 'get get get get get get'),
  row('other links of SNS', query('sns', 'Publish', 'GET'), 'get get get get get get'),
  row(
    'invoking a function',
    asked({ service: 'lambda', operation: 'Invoke', method: 'POST' }),
    '+ + reads page page page',
  ),
  row('code of a function', asked({ service: 'lambda', operation: 'GetFunction' }), '+ + + page page page'),
  row('an object', s3('GetObject', 'GET'), '+ + + + b b'),
  row('an object, signed', s3('GetObject', 'GET', SIGNED), '+ + + + b b'),
  row('its head', s3('HeadObject', 'HEAD'), '+ + + + b b'),
  row('its tags', s3('GetObjectTagging', 'GET'), '+ + + page page page'),
  row('a listing', s3('ListObjectsV2', 'GET'), '+ + + page page page'),
  row('all buckets', s3('ListBuckets', 'GET'), '+ + + page page page'),
  row('a policy', s3('GetBucketPolicy', 'GET', SIGNED), '+ + + page page page'),
  row('an upload, unsigned', s3('PutObject', 'PUT'), '+ + reads page page page'),
  row('an upload, signed', s3('PutObject', 'PUT', SIGNED), '+ + reads page b b'),
  row('a form', s3('PutObject', 'POST', SIGNED), '+ + reads page b b'),
  row('a part', s3('UploadPart', 'PUT', SIGNED), '+ + reads page b b'),
  row('a deletion', s3('DeleteObject', 'DELETE', SIGNED), '+ + reads page b b'),
  row('many deletions', s3('DeleteObjects', 'POST', SIGNED), '+ + reads page page page'),
  row('a copy', s3('CopyObject', 'PUT', SIGNED), '+ + reads page page page'),
  row('a copied part', s3('UploadPartCopy', 'PUT', SIGNED), '+ + reads page page page'),
  row('CORS rules', s3('PutBucketCors', 'PUT', SIGNED), '+ + reads page page page'),
  row('a new bucket', s3('CreateBucket', 'PUT', SIGNED), '+ + reads page page page'),
];

test('each caller may call the operations in the table', () => {
  for (const [what, call, words] of ROWS) {
    for (const [name, caller] of Object.entries(CALLERS)) {
      assert.equal(wordOf(judge(caller, call)), words[name], `${what}, ${name}`);
    }
  }
});

test('only AWS’s Authorization headers are signatures', () => {
  const signing = [
    'AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=0',
    'AWS4-ECDSA-P256-SHA256 Credential=AKID/20260101/s3/aws4_request, SignedHeaders=host, Signature=0',
    'AWS AKID:signature',
  ];
  const others = [
    undefined,
    '',
    'x',
    'Basic dTpw',
    'Bearer AWS4-HMAC-SHA256',
    'AWS',
    'AWS4',
    'AWSX y',
    'aws4-x',
  ];
  for (const header of signing) assert.equal(isSigningHeader(header), true, header);
  for (const header of others) assert.equal(isSigningHeader(header), false, header);
});

test('routes outside of the API are open to programs and allowed pages, and browsers may read them', () => {
  for (const method of ['GET', 'HEAD', 'PUT', 'POST']) {
    const isRead = method === 'GET' || method === 'HEAD';
    assert.equal(judgeRoute(PROGRAM, method), undefined);
    assert.equal(judgeRoute(ALLOWED, method), undefined);
    assert.equal(judgeRoute(BROWSER, method), isRead ? undefined : 'only reads');
    for (const page of PAGES) assert.equal(judgeRoute(page, method), 'foreign page');
  }
});

describe('the check of the head', () => {
  it('refuses only what the check of the operation would refuse', () => {
    for (const [what, call] of ROWS) {
      for (const caller of Object.values(CALLERS)) {
        if (judge(caller, call).admitted === false) continue;
        if (call.isQuery && call.method === 'POST' && caller.kind === 'browser') continue;
        assert.ok(judgeHead(caller, call).admitted, `${what}, ${caller.kind}`);
      }
    }
  });
  it('refuses what a foreign page posts before the body is received', () => {
    for (const who of [...PAGES, BROWSER]) {
      assert.equal(judgeHead(who, { method: 'POST', isQuery: true }).admitted, false);
    }
  });
});

test('every operation that a link can name only reads, or needs an Authorization header', () => {
  const reading = new Set<string>();
  for (const { name, protocol } of knownServices().values()) {
    if (protocol !== 'awsQuery' && protocol !== 'ec2Query' && name !== 'monitoring') continue;
    for (const operation of loadSchema(name).operationNames) {
      if (judge(PROGRAM, query(name, operation, 'GET')).admitted === true) reading.add(operation);
    }
  }
  const others = [...reading].filter((name) => !/^(Describe|Get|List|Search)/.test(name));
  assert.deepEqual(others.sort(), [
    'CheckIfPhoneNumberIsOptedOut',
    'ConfirmSubscription',
    'DecodeAuthorizationMessage',
    'EstimateTemplateCost',
    'SimulateCustomPolicy',
    'SimulatePrincipalPolicy',
    'Unsubscribe',
    'ValidateTemplate',
  ]);
});
