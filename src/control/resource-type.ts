// What CloudFormation needs to know of a resource type. Each service says it of its own types in its
// cloudformation.ts, over its own API; CloudFormation itself knows none of them by name.
//
// Every call may come twice: Millpond may be killed at any instant, and then enters the step again with the same
// token. Whoever creates something must find it again by that token instead of making another.

import type { Scope } from '../aws/scope.ts';

/** A property's value with every intrinsic function resolved. */
export type Value = null | boolean | number | string | Value[] | { [name: string]: Value };
export type Properties = Record<string, Value>;

export interface ResourceRequest {
  scope: Scope;
  stackId: string;
  stackName: string;
  logicalId: string;
  /** As the template names it, where one implementation serves several: `Custom::Layer`. */
  resourceType?: string;
  properties: Properties;
  /** The stack's own tags, to be put on the resource beside those of its properties. */
  tags: Record<string, string>;
  /**
   * The same for every attempt at this step, and for no other step: names without a user's wish and client tokens
   * come from it. 12 upper-case letters and digits, as AWS appends them.
   */
  token: string;
  /** True when an earlier attempt may have got anywhere: "exists already" is then no failure. */
  isRetry: boolean;
  /** Aborted when the stack is cancelled or Millpond stops. */
  signal: AbortSignal;
}

export interface ExistingResource extends ResourceRequest {
  physicalId: string;
}

export interface ResourceState {
  /** What `Ref` gives, unless the type says otherwise. */
  physicalId: string;
  /** What `Fn::GetAtt` gives, by attribute name with dots: `PrimaryEndPoint.Address`. */
  attributes: Record<string, Value>;
}

/** Failures: a rejection's message becomes the resource's status reason. */
export interface ResourceType {
  /** `AWS::ElastiCache::ReplicationGroup`. */
  name: string;
  /** Resolves once the resource can be used. */
  create(request: ResourceRequest): Promise<ResourceState>;
  /** In place. Absent when every change replaces. */
  update?(request: ExistingResource & { before: Properties }): Promise<ResourceState>;
  /**
   * Names of the errors of a deletion that say that something else is in the way, of which no template tells. AWS
   * tries such a deletion again while others of the stack go.
   */
  inTheWay?: RegExp;
  /** Resolves once it is gone; that it was gone already is no failure. */
  delete(request: Omit<ExistingResource, 'isRetry'>): Promise<void>;
  /** What `Ref` gives where that is not the physical id. */
  ref?(state: ResourceState): Value;
  /**
   * For a changed property that the specification leaves open (“may replace”), or where it is wrong. `undefined`
   * leaves it to the specification.
   */
  replaces?(
    property: string,
    change: { before: Properties; after: Properties; updatePolicy?: Value },
  ): boolean | undefined;
  /** Created and kept, and nothing on this machine comes of it. */
  recordedOnly?: boolean;
}
