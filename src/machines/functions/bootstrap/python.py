# The client of the Runtime API in a Python function's process: loads the handler, then fetches one invocation after
# the other. It speaks HTTP over a bare socket, because importing Python's own client would take most of a cold start.

import importlib
import json
import logging
import os
import sys
import time
import traceback

# The C module behind `socket`: importing `socket` takes as long as the rest of this file.
import _socket

ENV = os.environ
HOST, PORT = ENV['AWS_LAMBDA_RUNTIME_API'].split(':')
PREFIX = '/2018-06-01/runtime/'
TASK_ROOT = ENV['LAMBDA_TASK_ROOT']
RUNTIME_DIRECTORY = os.path.dirname(os.path.abspath(__file__))


class RuntimeClient:
    def __init__(self):
        self.socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        self.socket.connect((HOST, int(PORT)))
        self.socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        self.stream = open(self.socket.fileno(), 'rb', closefd=False)
        self.unsent = b''
        self.unread = 0

    def tell(self, path, body, kind='application/json'):
        """Sent together with the next request; its response is ignored."""
        self.unsent += self.request('POST', path, body, kind)
        self.unread += 1

    def ask(self, method, path, body=b'', kind='application/json'):
        self.socket.sendall(self.unsent + self.request(method, path, body, kind))
        self.unsent = b''
        for _ in range(self.unread):
            self.read()
        self.unread = 0
        return self.read()

    def request(self, method, path, body, kind):
        head = '%s %s%s HTTP/1.1\r\nhost: %s\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n' % (
            method, PREFIX, path, HOST, kind, len(body))
        return head.encode() + body

    def read(self):
        first = self.stream.readline()
        if not first:
            os._exit(0)
        headers = {}
        while True:
            line = self.stream.readline().strip()
            if not line:
                break
            name, _, value = line.partition(b':')
            headers[name.decode().lower()] = value.strip().decode()
        return first[9:12], headers, self.stream.read(int(headers.get('content-length', 0)))


class Failure(Exception):
    """An error that Lambda itself reports; `kind` is its type."""

    def __init__(self, kind, message, lines=None):
        super().__init__(message)
        self.kind = kind
        self.lines = lines or []


class Identity:
    cognito_identity_id = None
    cognito_identity_pool_id = None


class ClientContext:
    def __init__(self, document):
        self.custom = document.get('custom')
        self.env = document.get('env')
        self.client = document.get('client')


class Context:
    def __init__(self, headers):
        self.aws_request_id = headers['lambda-runtime-aws-request-id']
        self.invoked_function_arn = headers.get('lambda-runtime-invoked-function-arn')
        self.function_name = ENV.get('AWS_LAMBDA_FUNCTION_NAME')
        self.function_version = ENV.get('AWS_LAMBDA_FUNCTION_VERSION')
        self.memory_limit_in_mb = ENV.get('AWS_LAMBDA_FUNCTION_MEMORY_SIZE')
        self.log_group_name = ENV.get('AWS_LAMBDA_LOG_GROUP_NAME')
        self.log_stream_name = ENV.get('AWS_LAMBDA_LOG_STREAM_NAME')
        self.identity = Identity()
        document = headers.get('lambda-runtime-client-context')
        self.client_context = ClientContext(json.loads(document)) if document else None
        self._deadline_ms = int(headers['lambda-runtime-deadline-ms'])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


REQUEST = {'id': ''}


class RequestIds(logging.Filter):
    def filter(self, record):
        record.aws_request_id = REQUEST['id']
        return True


class OneLine(logging.Formatter):
    """An entry stays one line: its line breaks become carriage returns."""

    converter = time.gmtime

    def format(self, record):
        return super().format(record).replace('\n', '\r')


class JsonLine(logging.Formatter):
    """AWS: an error's parts are members of the entry, and the output of print() is unchanged."""

    converter = time.gmtime

    def format(self, record):
        entry = {
            'timestamp': self.formatTime(record, '%Y-%m-%dT%H:%M:%SZ'),
            'level': record.levelname,
            'message': record.getMessage(),
            'logger': record.name,
            'requestId': record.aws_request_id,
        }
        if record.exc_info and record.exc_info[0]:
            kind, error, trace = record.exc_info
            entry['errorType'] = kind.__name__
            entry['errorMessage'] = str(error)
            entry['stackTrace'] = traceback.format_tb(trace)
        return json.dumps(entry, ensure_ascii=False, default=str)


def set_up_logging():
    handler = logging.StreamHandler(sys.stdout)
    if ENV.get('AWS_LAMBDA_LOG_FORMAT') == 'JSON':
        handler.setFormatter(JsonLine())
        level = ENV.get('AWS_LAMBDA_LOG_LEVEL', 'INFO')
        logging.getLogger().setLevel({'TRACE': 'DEBUG', 'FATAL': 'CRITICAL'}.get(level, level))
    else:
        handler.setFormatter(OneLine(
            '[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s', '%Y-%m-%dT%H:%M:%S'))
    handler.addFilter(RequestIds())
    logging.getLogger().addHandler(handler)


def load_handler():
    written = ENV.get('_HANDLER', '')
    parts = written.rsplit('.', 1)
    if len(parts) != 2:
        raise Failure('Runtime.MalformedHandlerName',
                      "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % written)
    module_name, function_name = parts
    try:
        module = importlib.import_module(module_name.replace('/', '.'))
    except ImportError as error:
        raise Failure('Runtime.ImportModuleError', "Unable to import module '%s': %s" % (module_name, error))
    except SyntaxError as error:
        place = ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, (error.text or '').strip())]
        raise Failure('Runtime.UserCodeSyntaxError', "Syntax error in module '%s': %s" % (module_name, error), place)
    handler = getattr(module, function_name, None)
    if handler is None:
        raise Failure('Runtime.HandlerNotFound',
                      "Handler '%s' missing on module '%s'" % (function_name, module_name))
    return handler


def describe(error):
    """The form of Lambda's Python runtime; frames of this file are left out."""
    if isinstance(error, Failure):
        return {'errorMessage': str(error), 'errorType': error.kind, 'requestId': REQUEST['id'],
                'stackTrace': error.lines}
    frames = [f for f in traceback.extract_tb(error.__traceback__)
              if f.filename != __file__ and not f.filename.startswith('<frozen importlib')]
    return {'errorMessage': str(error), 'errorType': type(error).__name__, 'requestId': REQUEST['id'],
            'stackTrace': traceback.format_list(frames)}


def tell(failure):
    lines = ['[ERROR] %s: %s' % (failure['errorType'], failure['errorMessage'])]
    if failure['stackTrace']:
        lines += ['Traceback (most recent call last):'] + [t.rstrip('\n') for t in failure['stackTrace']]
    sys.stdout.write('\r'.join(lines).replace('\n', '\r') + '\n')
    sys.stdout.flush()
    return json.dumps(failure).encode()


def run(handler, client):
    status, headers, body = client.ask('GET', 'invocation/next')
    if status != b'200':
        # The function itself also asks for invocations.
        sys.exit(1)
    REQUEST['id'] = headers['lambda-runtime-aws-request-id']
    if 'lambda-runtime-trace-id' in headers:
        ENV['_X_AMZN_TRACE_ID'] = headers['lambda-runtime-trace-id']
    path = 'invocation/' + REQUEST['id']
    try:
        result = handler(json.loads(body), Context(headers))
        try:
            answer = json.dumps(result, ensure_ascii=False).encode()
        except (TypeError, ValueError) as error:
            raise Failure('Runtime.MarshalError', 'Unable to marshal response: %s' % error)
    except Exception as error:
        client.tell(path + '/error', tell(describe(error)), 'application/vnd.aws.lambda.error+json')
        return
    sys.stdout.flush()
    sys.stderr.flush()
    client.tell(path + '/response', answer)


def main():
    client = RuntimeClient()
    set_up_logging()
    layers = [path for path in ENV.pop('MILLPOND_LAYERS', '').split(':') if path]
    # The function's own code first, ours last.
    sys.path[0:1] = [TASK_ROOT] + layers
    sys.path.append(os.path.join(RUNTIME_DIRECTORY, 'python'))
    try:
        handler = load_handler()
    except Exception as error:
        client.ask('POST', 'init/error', tell(describe(error)), 'application/vnd.aws.lambda.error+json')
        sys.exit(1)
    while True:
        run(handler, client)


main()
