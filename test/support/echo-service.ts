// A service with every operation of its schema, which records its inputs and returns the given answers.

import { MANIFESTS } from '../../src/services/index.ts';
import type { HttpDialect } from '../../src/wire/http-dialect.ts';
import { loadSchema } from '../../src/wire/schema.ts';
import type { Handler, Service } from '../../src/wire/service.ts';

/** A service whose answers a test sets. */
export class EchoService implements Service {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: stands for handlers of any operation
  readonly operations: Record<string, Handler<any, any>>;
  /** The last input by operation. */
  readonly asked = new Map<string, unknown>();
  readonly answers = new Map<string, unknown>();

  readonly dialect?: HttpDialect;

  constructor(name: string) {
    this.name = name;
    const { dialect } = MANIFESTS.find((manifest) => manifest.name === name) ?? {};
    if (dialect) this.dialect = dialect;
    const handlers = loadSchema(name).operationNames.map((operation) => [
      operation,
      (input: unknown) => {
        this.asked.set(operation, input);
        return this.answers.get(operation);
      },
    ]);
    this.operations = Object.fromEntries(handlers);
  }
}
