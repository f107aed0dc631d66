// A modelled error: named by its shape (`ReplicationGroupNotFoundFault`); the code on the wire and the HTTP
// status come from the service's schema. Each service builds its own in faults.ts, by a named function.

export class Fault extends Error {
  /** The error's shape name in the model, or a protocol-wide code such as `ValidationError`. */
  readonly shape: string;
  /** Only for codes that no schema knows; 400 by default. */
  readonly status: number | undefined;
  /** Further members of the error's shape. */
  readonly members: Record<string, unknown>;
  /** Of services that used to speak query, for codes that no schema knows: what they called it. */
  readonly code: string | undefined;
  /** Headers that go with it, in lower case; only where the protocol is S3's. */
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
