// The error of a resource type that failed after it had created something.

/** A failed creation that left a physical resource, which the rollback must delete. */
export class ResourceFailure extends Error {
  override readonly name = 'ResourceFailure';
  /** The resource to delete. */
  readonly physicalId: string;

  constructor(message: string, physicalId: string, cause?: unknown) {
    super(message, { cause });
    this.physicalId = physicalId;
  }
}
