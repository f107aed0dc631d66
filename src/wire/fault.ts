// The error that operations throw to answer with an error of AWS's model. Each service makes its faults by named
// functions in its faults.ts. failure.ts adds the code on the wire and the HTTP status from the service's schema.

/** An error of the model, named by its shape, e.g. `ReplicationGroupNotFoundFault`. */
export class Fault extends Error {
  /** The error's shape name in the model, or a code of the protocol, e.g. `ValidationError`. */
  readonly shape: string;
  /** The HTTP status if the schema does not have the error; 400 by default. */
  readonly status: number | undefined;
  /** Further members of the error's shape. */
  readonly members: Record<string, unknown>;
  /** The code in query protocols if the schema does not have the error. */
  readonly code: string | undefined;
  /** Further response headers, with lower-case names. Only restXml sends them. */
  readonly headers: Record<string, string>;

  constructor(
    shape: string,
    message: string,
    options: {
      status?: number;
      members?: Record<string, unknown>;
      headers?: Record<string, string>;
      code?: string;
    } = {},
  ) {
    super(message);
    this.name = shape;
    this.shape = shape;
    this.status = options.status;
    this.members = options.members ?? {};
    this.code = options.code;
    this.headers = options.headers ?? {};
  }
}
