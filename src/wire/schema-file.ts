// The format of generated/<service>.json: a service's operations, shapes and errors as plain data, extracted
// from the SDK by sdk-schema.ts and brought to life by schema.ts. Only types live here.

export type Protocol =
  | 'awsQuery'
  | 'ec2Query'
  | 'awsJson1_0'
  | 'awsJson1_1'
  | 'restJson1'
  | 'restXml'
  | 'rpcv2Cbor';

export type ScalarType =
  | 'string'
  | 'number'
  | 'boolean'
  | 'blob'
  | 'streamingBlob'
  | 'document'
  | 'timestamp'
  | 'timestamp:dateTime'
  | 'timestamp:httpDate'
  | 'timestamp:epochSeconds';

/** A scalar, `[scalar]` a list of it, `{scalar}` a map from strings to it, `#Name` one of `shapes`. */
export type TypeReference = string;

/** What the model says of a member beyond its type; all of it is about how it is written on the wire. */
export interface Traits {
  xmlName?: string;
  xmlFlattened?: 1;
  xmlAttribute?: 1;
  /** Prefix (may be empty) and URI. */
  xmlNamespace?: [string, string];
  /** Left out where it is the capitalised XML name. */
  ec2QueryName?: string;
  httpLabel?: 1;
  httpQuery?: string;
  httpQueryParams?: 1;
  httpHeader?: string;
  httpPrefixHeaders?: string;
  httpPayload?: 1;
  httpResponseCode?: 1;
  streaming?: 1;
  idempotencyToken?: 1;
}

export type TypedFile = TypeReference | [type: TypeReference, traits: Traits];

export type ShapeFile =
  | { struct: Record<string, TypedFile>; required?: number; traits?: Traits }
  | { union: Record<string, TypedFile>; traits?: Traits }
  | { list: TypedFile }
  | { map: [key: TypedFile, value: TypedFile] };

export type HttpBinding = [method: string, uri: string, status: number];

/** `null` where the operation takes or gives nothing. */
export type OperationFile = [input: TypeReference | null, output: TypeReference | null, http?: HttpBinding];

export interface ErrorFile {
  /** On the wire of query protocols, where it differs from the shape's name. */
  code?: string;
  /** HTTP status of query protocols. */
  queryStatus?: number;
  /** HTTP status elsewhere. */
  status?: number;
  fault: 'client' | 'server';
}

/** What is needed to tell which service a request means; generated/index.json lists it for all services. */
export interface ServiceSummary {
  /** The SigV4 signing name, e.g. `monitoring`. */
  name: string;
  /** e.g. `CloudWatch Logs`; AWS_ENDPOINT_URL_CLOUDWATCH_LOGS is named after it. */
  serviceId: string;
  /** The SDK package, e.g. `@aws-sdk/client-cloudwatch-logs`. */
  package: string;
  protocol: Protocol;
  version: string;
  targetPrefix: string;
}

export interface ServiceFile extends ServiceSummary {
  /** The model's namespace, e.g. `com.amazonaws.logs`; JSON errors begin with it. */
  namespace: string;
  xmlNamespace?: string;
  queryCompatible?: true;
  operations: Record<string, OperationFile>;
  errors: Record<string, ErrorFile>;
  shapes: Record<string, ShapeFile>;
}
