// Lambda's records. A function is one document with all its versions, aliases, URLs and policies; layers are
// separate. Times are milliseconds since the epoch.

/** The code and configuration of one version. */
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
  /** Later layers overwrite files of earlier ones. */
  layers: LayerReference[];
  architectures: string[];
  /** The hash of the code package; see CodeStore. */
  codeHash: string;
  codeBytes: number;
  /**
   * Settings that are stored and returned but have no effect; subnets and security groups have one where functions have
   * network interfaces.
   */
  recorded: {
    subnetIds?: string[];
    securityGroupIds?: string[];
    /** Of the subnets. */
    vpcId?: string;
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

/** The levels of a JSON log, in AWS's spelling (`INFO`). */
export interface JsonLogging {
  applicationLevel: string;
  systemLevel: string;
}

/** A layer version as it was when the function got it. AWS: the function keeps it after the layer is deleted. */
export interface LayerReference {
  arn: string;
  codeHash: string;
  codeBytes: number;
}

/** An alias, which points at one version or shares invocations between two. */
export interface AliasRecord {
  name: string;
  version: string;
  description: string;
  /** The second version with its share of the invocations, 0 to 1. */
  weights: Record<string, number>;
  revisionId: string;
}

/** A resource policy; the statements are in AWS's form. */
export interface PolicyRecord {
  statements: Record<string, unknown>[];
  revisionId: string;
}

/** A function URL. */
export interface UrlRecord {
  /** Its port on 127.0.0.1; 0 before it first listens. */
  port: number;
  authType: string;
  invokeMode: string;
  cors?: CorsRecord;
  createdAt: number;
  modifiedAt: number;
}

/** The CORS settings of a function URL. */
export interface CorsRecord {
  allowCredentials?: boolean;
  allowHeaders?: string[];
  allowMethods?: string[];
  allowOrigins?: string[];
  exposeHeaders?: string[];
  maxAgeSeconds?: number;
}

/** Settings of asynchronous invocations; absent members have AWS's defaults. */
export interface EventInvokeRecord {
  maximumRetryAttempts?: number;
  maximumEventAgeSeconds?: number;
  destinations?: { onSuccess?: string; onFailure?: string };
  modifiedAt: number;
}

/** A function. */
export interface FunctionRecord {
  name: string;
  latest: VersionRecord;
  /** By number. */
  versions: Record<string, VersionRecord>;
  /** The number of the last published version; numbers are never reused. */
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

/** One version of a layer, which never changes except for its policy. */
export interface LayerVersionRecord {
  version: number;
  description: string;
  runtimes: string[];
  architectures: string[];
  license?: string;
  codeHash: string;
  codeBytes: number;
  createdAt: number;
  /** Absent when it has no statements. */
  policy?: PolicyRecord;
}

/** A layer with its versions by number. */
export interface LayerRecord {
  name: string;
  lastVersion: number;
  versions: Record<string, LayerVersionRecord>;
}

/** A pending asynchronous invocation. */
export interface LambdaEvent {
  requestId: string;
  /** The qualifier of the request; `$LATEST` when absent. */
  qualifier?: string;
  /** The event, in base64. */
  payload: string;
}
