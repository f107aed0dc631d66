// The format of generated/<service>.json: a service's operations, shapes and errors as plain data. sdk-schema.ts
// extracts it from the SDK, and schema.ts links it at run time. Only types live here.

/** The protocols of AWS's APIs, by the names that the SDK gives them. */
export type Protocol =
  | 'awsQuery'
  | 'ec2Query'
  | 'awsJson1_0'
  | 'awsJson1_1'
  | 'restJson1'
  | 'restXml'
  | 'rpcv2Cbor';

/** A timestamp without a format is written in the default format of its protocol and place. */
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

/** `string` is a scalar, `[string]` a list, `{string}` a map with string keys, and `#Name` an entry of `shapes`. */
export type TypeReference = string;

/** How a member or a shape is written on the wire. */
export interface Traits {
  xmlName?: string;
  xmlFlattened?: 1;
  xmlAttribute?: 1;
  /** Prefix (may be empty) and URI. */
  xmlNamespace?: [string, string];
  /** Absent when it is the capitalised XML name. */
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

/** The type of a member, item, key or value, with its traits if it has any. */
export type TypedFile = TypeReference | [type: TypeReference, traits: Traits];

/** A named shape. `required` is how many of the first members are required. */
export type ShapeFile =
  | { struct: Record<string, TypedFile>; required?: number; traits?: Traits }
  | { union: Record<string, TypedFile>; traits?: Traits }
  | { list: TypedFile }
  | { map: [key: TypedFile, value: TypedFile] };

/** The method, the URI template (`/{Bucket}?acl`) and the success status of an operation. */
export type HttpBinding = [method: string, uri: string, status: number];

/** `null` when the operation has no input or no output shape. */
export type OperationFile = [input: TypeReference | null, output: TypeReference | null, http?: HttpBinding];

/** The codes and HTTP statuses of an error. */
export interface ErrorFile {
  /** The code in query protocols, if it differs from the shape's name. */
  code?: string;
  /** The HTTP status in query protocols. */
  queryStatus?: number;
  /** The HTTP status in the other protocols. */
  status?: number;
  fault: 'client' | 'server';
}

/** What is needed to find the service of a request. generated/index.json has one entry per service. */
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

/** The content of generated/<service>.json. */
export interface ServiceFile extends ServiceSummary {
  /** The model's namespace, e.g. `com.amazonaws.logs`. The types of JSON errors begin with it. */
  namespace: string;
  xmlNamespace?: string;
  queryCompatible?: true;
  operations: Record<string, OperationFile>;
  errors: Record<string, ErrorFile>;
  shapes: Record<string, ShapeFile>;
}
