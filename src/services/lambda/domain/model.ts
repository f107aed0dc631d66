// What a function is to Lambda: with all its versions, aliases, URLs and policies it is one document; layers are
// others. Times are milliseconds since the epoch.

export interface VersionRecord {
  /** `$LATEST` or a number. */
  version: string;
  runtime: string;
  handler: string;
  role: string;
  description: string;
  timeoutSeconds: number;
  memoryMegabytes: number;
  ephemeralMegabytes: number;
  variables: Record<string, string>;
  /** Later ones lie over earlier ones. */
  layers: LayerReference[];
  architectures: string[];
  /** See CodeStore. */
  codeHash: string;
  codeBytes: number;
  /** What is recorded and shown, and has no effect here. */
  recorded: {
    subnetIds?: string[];
    securityGroupIds?: string[];
    tracingMode?: string;
    deadLetterArn?: string;
    kmsKeyArn?: string;
  };
  logGroup?: string;
  /** Plain text when absent. */
  logging?: JsonLogging;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
  revisionId: string;
}

/** What is logged as JSON: levels as AWS writes them, `INFO`. */
export interface JsonLogging {
  applicationLevel: string;
  systemLevel: string;
}

/** A layer version as it was when a function was given it. AWS: the function keeps it after the layer is deleted. */
export interface LayerReference {
  arn: string;
  codeHash: string;
  codeBytes: number;
}

export interface AliasRecord {
  name: string;
  version: string;
  description: string;
  /** Version to its share of the invocations, 0 to 1. */
  weights: Record<string, number>;
  revisionId: string;
}

export interface PolicyRecord {
  statements: Record<string, unknown>[];
  revisionId: string;
}

export interface UrlRecord {
  /** On 127.0.0.1; 0 until it listens for the first time. */
  port: number;
  authType: string;
  invokeMode: string;
  cors?: CorsRecord;
  createdAt: number;
  modifiedAt: number;
}

export interface CorsRecord {
  allowCredentials?: boolean;
  allowHeaders?: string[];
  allowMethods?: string[];
  allowOrigins?: string[];
  exposeHeaders?: string[];
  maxAgeSeconds?: number;
}

export interface EventInvokeRecord {
  maximumRetryAttempts?: number;
  maximumEventAgeSeconds?: number;
  destinations?: { onSuccess?: string; onFailure?: string };
  modifiedAt: number;
}

export interface FunctionRecord {
  name: string;
  latest: VersionRecord;
  /** By number. */
  versions: Record<string, VersionRecord>;
  /** Of the last version published; numbers are never given again. */
  lastVersion: number;
  aliases: Record<string, AliasRecord>;
  /** By qualifier: `$LATEST` or an alias. */
  urls: Record<string, UrlRecord>;
  /** By qualifier; `$LATEST` for the function itself. */
  policies: Record<string, PolicyRecord>;
  eventInvoke: Record<string, EventInvokeRecord>;
  tags: Record<string, string>;
  reservedConcurrency?: number;
}

export interface LayerVersionRecord {
  version: number;
  description: string;
  runtimes: string[];
  architectures: string[];
  license?: string;
  codeHash: string;
  codeBytes: number;
  createdAt: number;
  /** Absent without statements. */
  policy?: PolicyRecord;
}

export interface LayerRecord {
  name: string;
  lastVersion: number;
  versions: Record<string, LayerVersionRecord>;
}

/** An asynchronous invocation that has not been done. */
export interface LambdaEvent {
  requestId: string;
  /** As it was invoked; `$LATEST` when absent. */
  qualifier?: string;
  /** base64. */
  payload: string;
}
