// Converts any thrown value to the failure that the client gets. Only this file distinguishes faults, operational
// errors and bugs. A bug becomes an InternalFailure without details.

import { OperationalError } from '../kernel/errors.ts';
import { Fault } from './fault.ts';
import type { HttpDialect } from './http-dialect.ts';
import { NoRoom } from './receive.ts';
import type { WireFailure } from './request.ts';
import type { ServiceSchema } from './schema.ts';

/** `service` and its dialect are undefined for a failure before the service was known. */
export function describeFailure(
  error: unknown,
  service: ServiceSchema | undefined,
  dialect?: HttpDialect,
): WireFailure {
  if (error instanceof NoRoom && dialect?.noRoom) return describeFault(dialect.noRoom(), service);
  if (error instanceof Fault) return describeFault(error, service);
  if (error instanceof OperationalError) {
    return protocolFailure('ServiceUnavailable', error.message, 503);
  }
  return protocolFailure(
    'InternalFailure',
    'The request processing has failed because of an unknown error, exception or failure.',
    500,
  );
}

function describeFault(fault: Fault, service: ServiceSchema | undefined): WireFailure {
  const schema = service?.error(fault.shape);
  const { members, headers } = fault;
  if (!schema)
    return {
      ...protocolFailure(fault.shape, fault.message, fault.status ?? 400),
      ...(fault.code !== undefined && { code: fault.code }),
      members,
      headers,
    };
  const isClientFault = schema.fault === 'client';
  const status = schema.status ?? (isClientFault ? 400 : 500);
  return {
    shape: schema.shape.name,
    code: schema.code ?? schema.shape.name,
    message: fault.message,
    status,
    queryStatus: schema.queryStatus ?? status,
    isClientFault,
    members,
    headers,
    schema,
  };
}

const protocolFailure = (code: string, message: string, status: number): WireFailure => ({
  shape: code,
  code,
  message,
  status,
  queryStatus: status,
  isClientFault: status < 500,
  members: {},
  headers: {},
  schema: undefined,
});
