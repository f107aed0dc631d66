// The query protocols: inputs are forms, outputs are XML. awsQuery and ec2Query differ in the member names of the form
// and in the envelope of the response.

import { Fault } from './fault.ts';
import { type FormNode, malformedForm, parseForm } from './form.ts';
import type { Call, Codec, Reply, WireFailure, WireRequest, WireResponse } from './request.ts';
import { MalformedValue, parseScalar, quoted, withFaultCode } from './scalar.ts';
import type { ServiceSchema, Shape, Structure } from './schema.ts';
import { decodeUtf8 } from './utf8.ts';
import { escapeXml, renderMembers } from './xml.ts';

type MemberNames = 'byXmlName' | 'byEc2Name';

/** The codec of the protocol awsQuery. */
export const awsQuery: Codec = {
  read: (service, request) => readCall(service, request, 'byXmlName', 'MalformedInput'),
  encode(operation, output, { service, requestId }) {
    const { name } = operation;
    const result = operation.hasOutput
      ? `<${name}Result>${renderMembers(operation.output, output)}</${name}Result>`
      : '';
    const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
    return xml(200, `<${name}Response${namespaceOf(service)}>${result}${metadata}</${name}Response>`);
  },
  encodeFailure(failure, { service, requestId }) {
    const type = `<Type>${failure.isClientFault ? 'Sender' : 'Receiver'}</Type>`;
    const error = `<Error>${type}${renderFailure(failure)}</Error><RequestId>${requestId}</RequestId>`;
    return xml(failure.queryStatus, `<ErrorResponse${namespaceOf(service)}>${error}</ErrorResponse>`);
  },
  missing: missingParameter,
  accessDenied: 'AccessDenied',
};

/** The codec of the protocol ec2Query. */
export const ec2Query: Codec = {
  read: (service, request) => readCall(service, request, 'byEc2Name', 'InvalidParameterValue'),
  encode(operation, output, { service, requestId }) {
    const content = operation.hasOutput ? renderMembers(operation.output, output) : '<return>true</return>';
    const inner = `<requestId>${requestId}</requestId>${content}`;
    return xml(
      200,
      `${PROLOGUE}<${operation.name}Response${namespaceOf(service)}>${inner}</${operation.name}Response>`,
    );
  },
  encodeFailure(failure, { requestId }) {
    const errors = `<Errors><Error>${renderFailure(failure)}</Error></Errors>`;
    return xml(
      failure.queryStatus,
      `${PROLOGUE}<Response>${errors}<RequestID>${requestId}</RequestID></Response>`,
    );
  },
  missing: missingParameter,
  accessDenied: 'UnauthorizedOperation',
};

function readCall(
  service: ServiceSchema,
  request: WireRequest,
  names: MemberNames,
  malformedCode: string,
): Call {
  const form = requestForm(request);
  const action = form.children?.get('Action')?.value;
  if (!action) throw new Fault('MissingAction', 'The request must contain the parameter Action');
  const operation = service.operation(action);
  if (!operation) {
    const version = form.children?.get('Version')?.value ?? service.version;
    throw new Fault('InvalidAction', `Could not find operation ${action} for version ${version}`);
  }
  return {
    operation,
    decode: () => withFaultCode(malformedCode, () => decodeStructure(operation.input, form, names)),
  };
}

/** The parameters of the URL and of the body. Throws MalformedQueryString. */
export function requestForm(request: WireRequest): FormNode {
  // Cached, because an unsigned request needs the form twice: to find the service, and to find the operation.
  request.form ??= readForm(request);
  return request.form;
}

function readForm(request: WireRequest): FormNode {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const body = isForm ? decodeUtf8(request.body, malformedForm) : '';
  return parseForm(request.url.search.slice(1), body);
}

function decode(shape: Shape, node: FormNode, flattened: boolean, names: MemberNames): unknown {
  // An empty value is an empty list, map or structure.
  if ((shape.kind === 'scalar') !== (node.children === undefined) && node.value !== '') {
    throw new MalformedValue(
      shape.kind === 'scalar'
        ? 'A value was expected where a list or a structure was found'
        : `A list or a structure was expected where a value was found: ${quoted(node.value ?? '')}`,
    );
  }
  switch (shape.kind) {
    case 'structure':
      return decodeStructure(shape, node, names);
    case 'list': {
      // AWS: accepts `X.member.1` and `X.1` even if the model has another name. AWS's guides use these forms.
      const container = node.children?.get(shape.itemName) ?? node.children?.get('member') ?? node;
      const items = indexed(flattened ? node : container);
      return items.map((item) => decode(shape.item, item, false, names));
    }
    case 'map': {
      const entries = indexed(flattened ? node : (node.children?.get('entry') ?? node));
      // fromEntries is safe for the key `__proto__`.
      return Object.fromEntries(
        entries.map(({ children }) => [
          children?.get(shape.keyName)?.value ?? '',
          decode(shape.value, children?.get(shape.valueName) ?? {}, false, names),
        ]),
      );
    }
    default:
      return parseScalar(shape, node.value ?? '');
  }
}

function decodeStructure(shape: Structure, node: FormNode, names: MemberNames): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, child] of node.children ?? []) {
    const member = shape[names].get(name);
    if (!member) continue;
    value[member.name] = decode(member.shape, child, member.traits.xmlFlattened === 1, names);
  }
  return value;
}

/** The numbered children in order. Gaps are allowed. */
function indexed(node: FormNode): FormNode[] {
  const numbered = [...(node.children ?? [])].filter(([segment]) => /^\d{1,10}$/.test(segment));
  return numbered.sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}

function missingParameter(paths: readonly string[]): Fault {
  return new Fault('MissingParameter', `The request must contain the parameter ${paths[0]}.`);
}

/** Code, message and further members of a failure: the content of `<Error>` in every XML protocol. */
export function renderFailure(failure: WireFailure): string {
  const { code, message, schema, members } = failure;
  const more = schema
    ? renderMembers(schema.shape, members, (member) => member.name.toLowerCase() === 'message')
    : '';
  return `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>${more}`;
}

/** The XML declaration of responses. */
export const PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** The service's ` xmlns="…"` attribute, or an empty string. */
export const namespaceOf = (service: Reply['service']): string =>
  service?.xmlNamespace ? ` xmlns="${service.xmlNamespace}"` : '';

const xml = (status: number, body: string): WireResponse => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body,
});
