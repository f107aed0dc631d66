// One operation of one service, called with an input that its schema has shaped: over the wire and in process
// alike.

import { Fault } from './fault.ts';
import { missingPaths } from './required.ts';
import type { Operation } from './schema.ts';
import type { RequestContext, Service } from './service.ts';

/** Throws the handler's Fault, that of `missing` for absent required members, or NotImplemented (501). */
export async function invoke(
  service: Service,
  operation: Operation,
  input: Record<string, unknown>,
  missing: (paths: readonly string[]) => Fault,
  context: RequestContext,
): Promise<Record<string, unknown>> {
  if (!Object.hasOwn(service.operations, operation.name)) throw notImplemented(service.name, operation.name);
  const absent = missingPaths(operation.input, input);
  if (absent.length > 0) throw missing(absent);
  return (await service.operations[operation.name]!(input, context)) ?? {};
}

export const notImplemented = (service: string, operation: string): Fault =>
  new Fault('NotImplemented', `Millpond does not implement ${service}:${operation} yet.`, { status: 501 });
