// The contract between CloudFormation and a resource type. Each service implements its own types with its own API, and
// CloudFormation does not know their names.
//
// Every call may be repeated: Millpond may be killed at any instant, and then repeats the step with the same
// idempotency token. A repeated creation must find the existing resource by that token instead of creating another one.

import type { Scope } from '../aws/scope.ts';

/** A property's value with every intrinsic function resolved. */
export type Value = null | boolean | number | string | Value[] | { [name: string]: Value };
/** A resource's properties by name. */
export type Properties = Record<string, Value>;

/** What every call gets. */
export interface ResourceRequest {
  scope: Scope;
  stackId: string;
  stackName: string;
  logicalId: string;
  /** The type's name in the template, for implementations of several types: `Custom::Layer`. */
  resourceType?: string;
  properties: Properties;
  /** The stack's tags. The resource gets them in addition to those of its properties. */
  tags: Record<string, string>;
  /**
   * The idempotency token: the same for every attempt at this step, and different for every other step. Generated names
   * and client tokens derive from it. 12 upper-case letters and digits, as AWS appends them to names.
   */
  token: string;
  /** Whether an earlier attempt may have created the resource: "already exists" is then no failure. */
  isRetry: boolean;
  /** Aborts when the operation is cancelled or Millpond stops. */
  signal: AbortSignal;
}

/** A request for a resource that exists. */
export interface ExistingResource extends ResourceRequest {
  physicalId: string;
}

/** What a creation or an update answers. */
export interface ResourceState {
  /** The value of `Ref`, unless the type has its own `ref`. */
  physicalId: string;
  /** The values of `Fn::GetAtt`, by attribute name with dots: `PrimaryEndPoint.Address`. */
  attributes: Record<string, Value>;
}

/** One type of resource. When a call rejects, the error's message becomes the resource's status reason. */
export interface ResourceType {
  /** `AWS::ElastiCache::ReplicationGroup`. */
  name: string;
  /** Resolves when the resource can be used. Rejects with a ResourceFailure if it leaves something to delete. */
  create(request: ResourceRequest): Promise<ResourceState>;
  /** Updates in place. Absent when every change replaces the resource. */
  update?(request: ExistingResource & { before: Properties }): Promise<ResourceState>;
  /**
   * The names of errors that mean that another resource blocks the deletion. AWS: such a deletion is retried while
   * other resources of the stack are deleted.
   */
  inTheWay?: RegExp;
  /** Resolves when the resource does not exist any more. It is no failure if it did not exist before. */
  delete(request: Omit<ExistingResource, 'isRetry'>): Promise<void>;
  /** The value of `Ref` if it is not the physical id. */
  ref?(state: ResourceState): Value;
  /**
   * Whether the change of the property replaces the resource. `undefined` leaves the decision to AWS's specification; a
   * type decides where the specification is undecided (“may replace”) or wrong.
   */
  replaces?(
    property: string,
    change: { before: Properties; after: Properties; updatePolicy?: Value },
  ): boolean | undefined;
  /** Whether Millpond only stores the resource and creates nothing. */
  recordedOnly?: boolean;
}
