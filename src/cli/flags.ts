// The flags of the command line, each declared once. config.ts checks their values.

const text = (brief: string, placeholder: string) => ({
  kind: 'parsed' as const,
  parse: String,
  brief,
  placeholder,
  optional: true as const,
});

/** A flag without a value. */
export const flag = (brief: string) => ({
  kind: 'boolean' as const,
  brief,
  optional: true as const,
  withNegated: false,
});

/** A flag with a value. */
export const value = text;

/** A flag that may be given several times. */
export const values = (brief: string, placeholder: string) => ({
  ...text(brief, placeholder),
  variadic: true as const,
});

/** An argument without a flag. */
export const word = (brief: string, placeholder: string) => ({ brief, placeholder, parse: String });

export const JSON_FLAG = { json: flag('Print JSON') };

export const REGION = { region: text("The region (default AWS_REGION, else Millpond's own)", 'REGION') };

/** The data directory; every command has it. */
export const DATA_DIR = { dataDir: text('Where everything is kept (default ~/.millpond)', 'PATH') };

/** The flags of commands that start Millpond. */
export const START = {
  ...DATA_DIR,
  network: text('Addresses of nodes: loopback, subnets or host (default loopback)', 'KIND'),
  networkBlock: text('A /16 for the nodes of --network host (default any free one)', 'CIDR'),
  port: text('Port of the API; 0 takes a free one (default 4566)', 'PORT'),
  address: text('Loopback address of the API (default 127.0.0.1)', 'ADDRESS'),
  region: text('Region of requests that are not signed (default us-east-1)', 'REGION'),
  domain: text("The endpoints' suffix (default cache.amazonaws.com)", 'NAME'),
  dnsTtl: text('Time to live of the DNS answers (default 5)', 'SECONDS'),
  failureDetectionMs: text('How long a node may hang before it is replaced (default 2000)', 'MS'),
  demotedGraceMs: text('How long clients stay on a node that was demoted (default 500)', 'MS'),
  testFailoverQuota: flag('Allow 15 test failovers a day only, as AWS does'),
  keepAddressOnReplace: flag('Let a failed primary come back at its old address'),
  announceHostnames: flag('Let nodes in cluster mode announce their names, for go-redis'),
  reachHost: flag('Let commands reach this host’s loopback as host.millpond.internal'),
  unknownResources: text('Unknown resource types: refuse or record (default refuse)', 'WHAT'),
  maxMemoryPerNode: text('No node gets more, whatever its type (default 512mb)', 'SIZE'),
  maxLogsPerGroup: text('Of each log group the latest events are kept (default 256mb)', 'SIZE'),
  maxLogs: text('Of all log groups together the latest events are kept (default 1gb)', 'SIZE'),
  dynamodbThrottle: flag('Throttle DynamoDB requests beyond the provisioned throughput'),
  amiImage: values(
    'The files of an EC2 instance of this AMI: a container image; may be repeated',
    'AMI=IMAGE',
  ),
  allowedOrigin: values('Let web pages of this origin call the API; may be repeated', 'ORIGIN'),
  allowedHost: values('Answer under this host name as well; may be repeated', 'NAME'),
  logLevel: text('debug, info, warn, error or silent (default info)', 'LEVEL'),
};

/** Where in Millpond's network a command runs. */
export const PLACE = {
  subnet: text('Run it in this subnet (default: one of the default VPC)', 'ID'),
  securityGroup: values('Give it this security group, which is then enforced; may be repeated', 'ID'),
};

/** The values of `START`. */
export type StartFlags = {
  [name in keyof typeof START]?: (typeof START)[name] extends { kind: 'boolean' }
    ? boolean
    : (typeof START)[name] extends { variadic: true }
      ? string[]
      : string;
};

/** The value of `DATA_DIR`. */
export type DataDirFlags = Pick<StartFlags, 'dataDir'>;
