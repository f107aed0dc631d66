// Loaded before every test file (scripts/test-runner.ts). A Fault that a handler throws must be declared for its
// operation in AWS's model, or be listed in undeclared-errors.ts. Any other fails the file at its end.

import { subscribe } from 'node:diagnostics_channel';
import { HANDLER_FAULTS, type HandlerFault } from '../../src/wire/invoke.ts';
import { loadConstraints, loadSchema } from '../../src/wire/schema.ts';
import { isKnownUndeclared } from './undeclared-errors.ts';

const declared = new Map<string, Record<string, readonly string[]>>();
const found = new Map<string, string>();

subscribe(HANDLER_FAULTS, (message) => {
  const { service, operation, fault } = message as HandlerFault;
  if (!declared.has(service)) declared.set(service, loadConstraints(service).errors);
  const errors = declared.get(service)!;
  const name = loadSchema(service).error(fault.shape)?.shape.name ?? fault.shape;
  if (errors[operation]?.includes(name) || isKnownUndeclared(service, operation, name)) return;
  found.set(`${service} ${operation} ${name}`, fault.message);
});

process.on('exit', () => {
  if (found.size === 0) return;
  const lines = [...found].map(([what, text]) => `  ${what}: ${text.slice(0, 120)}`);
  console.error(`Errors that AWS's models do not declare for their operations:\n${lines.sort().join('\n')}`);
  process.exitCode = 1;
});
