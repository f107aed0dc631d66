// Calls one operation of a service with a decoded input, for a client's request or for another service. An input that
// the model forbids does not reach the handler.

import { channel } from 'node:diagnostics_channel';
import { InputChecks } from './constraints.ts';
import { Fault } from './fault.ts';
import { loadConstraints, type Operation } from './schema.ts';
import type { RequestContext, Service } from './service.ts';
import { plainPath, type Violation } from './violation.ts';

/**
 * Returns the operation's output. Rejects with the handler's Fault, with the service's own Fault for an input that its
 * model forbids, with that of `missing` for absent required members, or with NotImplemented (501).
 */
export async function invoke(
  service: Service,
  operation: Operation,
  input: Record<string, unknown>,
  missing: (paths: readonly string[]) => Fault,
  context: RequestContext,
): Promise<Record<string, unknown>> {
  if (!Object.hasOwn(service.operations, operation.name)) throw notImplemented(service.name, operation.name);
  const violations = checksOf(service).violations(operation, input);
  if (violations.length > 0) throw refusal(service, violations, missing);
  try {
    return (await service.operations[operation.name]!(input, context)) ?? {};
  } catch (error) {
    if (handlerFaults.hasSubscribers && error instanceof Fault) {
      handlerFaults.publish({ service: service.name, operation: operation.name, fault: error });
    }
    throw error;
  }
}

/** A Fault that a handler has thrown. Tests compare it with the errors that the model declares. */
export interface HandlerFault {
  service: string;
  operation: string;
  fault: Fault;
}
/** The name of the diagnostics channel that publishes a HandlerFault for every Fault of a handler. */
export const HANDLER_FAULTS = 'millpond.handler-faults';
const handlerFaults = channel(HANDLER_FAULTS);

/** NotImplemented (501), for an operation that AWS has and Millpond does not. */
export const notImplemented = (service: string, operation: string): Fault =>
  new Fault('NotImplemented', `Millpond does not implement ${service}:${operation} yet.`, { status: 501 });

const checks = new WeakMap<Service, InputChecks>();

/** The service's input checks, made with its first request. */
function checksOf(service: Service): InputChecks {
  let made = checks.get(service);
  if (!made) {
    const { constraints, name } = service;
    made = constraints ? new InputChecks(loadConstraints(name), constraints) : new InputChecks();
    checks.set(service, made);
  }
  return made;
}

function refusal(
  { constraints }: Service,
  violations: readonly Violation[],
  missing: (paths: readonly string[]) => Fault,
): Fault {
  if (constraints?.refusesMissing) return constraints.refuse(violations);
  const absent = violations.filter(({ breach }) => breach === undefined);
  if (absent.length > 0 || !constraints) return missing(absent.map(plainPath));
  return constraints.refuse(violations);
}
