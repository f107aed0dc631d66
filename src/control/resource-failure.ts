// A resource that could not be made, of which something is there all the same: whoever cleans up has to know it.

export class ResourceFailure extends Error {
  override readonly name = 'ResourceFailure';
  /** What there is to delete. */
  readonly physicalId: string;

  constructor(message: string, physicalId: string, cause?: unknown) {
    super(message, { cause });
    this.physicalId = physicalId;
  }
}
