// The client of the Runtime API in a Node function's process: loads the handler, then fetches one invocation after
// the other. It shares its process with hostile code and holds no secrets. It speaks HTTP over a bare socket and is
// not an ES module, because both would take most of a cold start.

'use strict';

const { existsSync, writeSync } = require('node:fs');
const { createRequire } = require('node:module');
const { connect } = require('node:net');
const { basename, dirname, resolve } = require('node:path');
const { pathToFileURL } = require('node:url');
require('./aws-sdk.cjs');

const { env } = process;
// An import would load everything that the module exports.
const { format } = process.getBuiltinModule('node:util');
const [HOST, PORT] = env.AWS_LAMBDA_RUNTIME_API.split(':');
const PREFIX = '/2018-06-01/runtime/';
const HEAD_END = Buffer.from('\r\n\r\n');

class RuntimeClient {
  #socket = connect({ host: HOST, port: Number(PORT), noDelay: true });
  #pending = Buffer.alloc(0);
  #waiting = [];

  constructor() {
    this.#socket.on('data', (chunk) => this.#take(chunk));
    const end = () => process.exit(0);
    this.#socket.on('error', end).on('close', end);
  }

  /** The function's own work keeps the process alive, not our wait for its end. */
  hold(isHeld) {
    if (isHeld) this.#socket.ref();
    else this.#socket.unref();
  }

  ask(method, path, body = '', type = 'application/json') {
    const bytes = Buffer.from(body);
    const head = `${method} ${PREFIX}${path} HTTP/1.1\r\nhost: ${HOST}\r\ncontent-type: ${type}\r\ncontent-length: ${bytes.length}\r\n\r\n`;
    // The result and the request for the next invocation are sent together.
    this.#socket.cork();
    process.nextTick(() => this.#socket.uncork());
    this.#socket.write(bytes.length > 0 ? Buffer.concat([Buffer.from(head), bytes]) : head);
    return new Promise((settle) => this.#waiting.push(settle));
  }

  #take(chunk) {
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    for (;;) {
      const end = this.#pending.indexOf(HEAD_END);
      if (end < 0) return;
      const head = this.#pending.toString('latin1', 0, end);
      const headers = readHeaders(head);
      const from = end + HEAD_END.length;
      const to = from + Number(headers['content-length'] ?? 0);
      if (this.#pending.length < to) return;
      const body = this.#pending.subarray(from, to);
      this.#pending = this.#pending.subarray(to);
      this.#waiting.shift()?.({ status: head.slice(9, 12), headers, body });
    }
  }
}

function readHeaders(head) {
  const headers = {};
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

const client = new RuntimeClient();
let requestId;
let settleEmpty;

const isJson = env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const LEAST_LEVEL = isJson ? LEVELS.indexOf(env.AWS_LAMBDA_LOG_LEVEL) : 0;

// An entry stays one line: its line breaks become carriage returns.
const print = (level, text) =>
  isJson
    ? printJson(level, [text])
    : write(
        `${new Date().toISOString()}\t${requestId ?? 'undefined'}\t${level}\t${text.replaceAll('\n', '\r')}\n`,
      );

/**
 * AWS: a single object is logged as it is; for several values, an error's parts are logged next to the formatted
 * text.
 */
function printJson(level, parts) {
  const entry = { timestamp: new Date().toISOString(), level, requestId, message: format(...parts) };
  const error = parts.find((part) => part instanceof Error);
  if (error) {
    entry.errorType = error.name;
    entry.errorMessage = error.message;
    entry.stackTrace = String(error.stack ?? '').split('\n');
  }
  if (parts.length === 1 && !error) entry.message = parts[0];
  let line;
  try {
    line = JSON.stringify(entry);
  } catch {
    line = JSON.stringify({ ...entry, message: format(...parts) });
  }
  write(`${line}\n`);
}

const MOMENT = new Int32Array(new SharedArrayBuffer(4));

/** Writes synchronously: with process.stdout an answer could overtake the output. */
function write(line) {
  let rest = Buffer.from(line);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (error.code !== 'EAGAIN') return;
      Atomics.wait(MOMENT, 0, 0, 1);
    }
  }
}

for (const [method, level] of Object.entries({
  log: 'INFO',
  info: 'INFO',
  debug: 'DEBUG',
  warn: 'WARN',
  error: 'ERROR',
  trace: 'TRACE',
})) {
  console[method] = (...parts) => {
    if (LEVELS.indexOf(level) < LEAST_LEVEL) return;
    if (isJson) printJson(level, parts);
    else print(level, format(...parts));
  };
}

class RuntimeError extends Error {
  constructor(type, message) {
    super(message);
    this.name = type;
  }
}

function asFailure(error) {
  if (!(error instanceof Error) && typeof error?.stack !== 'string') {
    const text = typeof error === 'string' ? error : format(error);
    return { errorType: typeof error, errorMessage: text, trace: [] };
  }
  const trace = String(error.stack ?? '').split('\n');
  return { errorType: error.name || 'Error', errorMessage: String(error.message), trace };
}

const fail = (path, failure) =>
  client.ask('POST', path, JSON.stringify(failure), 'application/vnd.aws.lambda.error+json');

async function die(label, failure) {
  print('ERROR', `${label}\t${JSON.stringify(failure)}`);
  client.hold(true);
  await fail(requestId ? `invocation/${requestId}/error` : 'init/error', failure);
  process.exit(1);
}

process.on('uncaughtException', (error) => void die('Uncaught Exception', asFailure(error)));
process.on('unhandledRejection', (reason) => {
  const message = reason instanceof Error ? `${reason.name}: ${reason.message}` : format(reason);
  const error = new RuntimeError('Runtime.UnhandledPromiseRejection', message);
  if (reason?.stack) error.stack = `Runtime.UnhandledPromiseRejection: ${reason.stack}`;
  void die('Unhandled Promise Rejection', asFailure(error));
});
process.on('beforeExit', () => settleEmpty?.());

async function loadHandler() {
  const written = env._HANDLER ?? '';
  const [, module, exported] = /^([^.]*)\.(.+)$/.exec(basename(written)) ?? [];
  if (!module || written.includes('..'))
    throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const path = resolve(env.LAMBDA_TASK_ROOT, dirname(written), module);
  const loaded = await loadModule(path, written);
  let handler = loaded;
  for (const name of exported.split('.')) handler = handler?.[name] ?? handler?.default?.[name];
  if (handler === undefined) {
    throw new RuntimeError('Runtime.HandlerNotFound', `${written} is undefined or not exported`);
  }
  if (typeof handler !== 'function') {
    throw new RuntimeError('Runtime.HandlerNotFound', `${written} is not a function`);
  }
  return handler;
}

async function loadModule(path, written) {
  const require = createRequire(`${env.LAMBDA_TASK_ROOT}/`);
  const file = ['', '.js', '.mjs', '.cjs'].map((ending) => path + ending).find((each) => existsSync(each));
  try {
    if (file?.endsWith('.mjs')) return await import(pathToFileURL(file));
    try {
      return require(file ?? require.resolve(written.replace(/\.[^./]*$/, '')));
    } catch (error) {
      // The module has a top-level await.
      if (error?.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
      return await import(pathToFileURL(file));
    }
  } catch (error) {
    if (error instanceof SyntaxError) {
      const wrapped = new RuntimeError('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`);
      wrapped.stack = `Runtime.UserCodeSyntaxError: ${error.stack}`;
      throw wrapped;
    }
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw new RuntimeError('Runtime.ImportModuleError', `Error: ${error.message}`);
    }
    throw error;
  }
}

function contextOf(headers, settle) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const read = (text) => (text ? JSON.parse(text) : undefined);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    clientContext: read(headers['lambda-runtime-client-context']),
    getRemainingTimeInMillis: () => deadline - Date.now(),
    done: (error, result) => settle(error, result),
    fail: (error) => settle(error ?? new Error('undefined')),
    succeed: (result) => settle(null, result),
  };
}

/** Resolves to the handler's result, or rejects with its error. */
function call(handler, event, headers) {
  return new Promise((done, failed) => {
    let hasSettled = false;
    const settle = (error, result) => {
      if (hasSettled) return;
      hasSettled = true;
      const finish = () => (error ? failed(error) : done(result));
      // AWS: an answer by callback waits until the event loop is empty, unless told otherwise.
      if (context.callbackWaitsForEmptyEventLoop && !error) settleEmpty = finish;
      else finish();
    };
    const context = contextOf(headers, (error, result) => {
      context.callbackWaitsForEmptyEventLoop = false;
      settle(error, result);
    });
    // If the event loop is empty without an answer, the answer is null.
    settleEmpty = () => done(null);
    const returned = handler(event, context, (error, result) => settle(error, result));
    if (typeof returned?.then === 'function') {
      returned.then(
        (result) => done(result),
        (error) => failed(error),
      );
    }
  });
}

function stringify(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

async function handle(handler, { headers, body }) {
  requestId = headers['lambda-runtime-aws-request-id'];
  const path = `invocation/${requestId}`;
  if (headers['lambda-runtime-trace-id']) env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  client.hold(false);
  let send;
  try {
    const result = await call(handler, JSON.parse(body.toString()), headers);
    const answer = stringify(result);
    send = () => client.ask('POST', `${path}/response`, answer);
  } catch (error) {
    const failure = asFailure(error);
    print(
      'ERROR',
      `Invoke Error \t${JSON.stringify({ ...failure, stack: failure.trace, trace: undefined })}`,
    );
    send = () => fail(`${path}/error`, failure);
  }
  settleEmpty = undefined;
  client.hold(true);
  void send();
}

async function main() {
  try {
    const handler = await loadHandler();
    for (;;) {
      const next = await client.ask('GET', 'invocation/next');
      // The function itself also asks for invocations.
      if (next.status !== '200') process.exit(1);
      await handle(handler, next);
    }
  } catch (error) {
    requestId = undefined;
    await die('Uncaught Exception', asFailure(error));
  }
}

void main();
