// One operation of one service, called with an input that its schema has shaped: over the wire and in process
// alike. What the model does not allow reaches no handler.

import { channel } from 'node:diagnostics_channel';
import { InputChecks } from './constraints.ts';
import { Fault } from './fault.ts';
import { loadConstraints, type Operation } from './schema.ts';
import type { RequestContext, Service } from './service.ts';
import { plainPath, type Violation } from './violation.ts';

/**
 * Throws the handler's Fault, the service's own for an input that its model does not allow, that of `missing` for
 * absent required members, or NotImplemented (501).
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

/** What subscribers of the diagnostics channel are told: every Fault that a handler throws. Tests compare it with what the model declares. */
export interface HandlerFault {
  service: string;
  operation: string;
  fault: Fault;
}
export const HANDLER_FAULTS = 'millpond.handler-faults';
const handlerFaults = channel(HANDLER_FAULTS);

export const notImplemented = (service: string, operation: string): Fault =>
  new Fault('NotImplemented', `Millpond does not implement ${service}:${operation} yet.`, { status: 501 });

const checks = new WeakMap<Service, InputChecks>();

/** Made with the service's first request. */
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
