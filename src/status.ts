// The answers of `GET /_millpond/status`, `…/why` and `…/names`: plain data in JSON for the command line, the console
// and scripts.

import type { Cut } from './network/cuts/cut.ts';

/** The answer of `…/status`. */
export interface MillpondStatus {
  pid: number;
  version: string;
  /** The URL of the API, e.g. `http://127.0.0.1:4566`. */
  url: string;
  port: number;
  /** See `NetworkKind`. */
  network: string;
  /** For people: which addresses nodes get, and who reaches them. */
  networkSummary: string;
  /** The way from machines to the outside, where they have a network of their own. */
  outside?:
    | { is: 'closed' }
    | { is: 'open'; program: string; pid: number }
    | { is: 'missing'; reason: string };
  dns: { address: string; port: number };
  /**
   * The address of AWS's own host names for these services, with the file of the certificate authority; absent when
   * HTTPS is off.
   */
  https?: { address: string; port: number; authorityFile: string; services: string[] };
  /** The suffix of endpoint names. */
  domain: string;
  region: string;
  engines: { engine: string; version: string; path: string }[];
  /** How long a node may hang, or be cut off, before it is replaced. */
  failureDetectionMs: number;
  /** The cuts of the network that hold now. */
  cuts: Cut[];
  groups: GroupStatus[];
  /** Absent in the answer of an older Millpond. */
  feeds?: FeedView[];
  /** What services say is not as it was asked for: a sentence each. */
  notices: string[];
  /** Whether there are, or were, EC2 instances. */
  hasInstances: boolean;
  /** Whether there are, or were, stacks. */
  hasStacks: boolean;
}

/** An EC2 instance. */
export interface InstanceStatus {
  instanceId: string;
  accountId: string;
  region: string;
  /** AWS's word: `pending`, `running`… */
  state: string;
  privateIp: string;
  /** Whether it is more than a record. */
  isMachine: boolean;
  /** Where this host reaches it, and its names, while it boots or runs. */
  address?: string;
  privateName?: string;
  publicName?: string;
  sshPort?: number;
  /** Why there is no SSH. */
  noSsh?: string;
  /** Its boot is over. */
  isReady?: boolean;
  /** Why it is in this state, where no call of the user is the reason. */
  reason?: string;
  /** What its controller waits for. */
  waits?: string;
}

/** A replication group or cluster. */
export interface GroupStatus {
  id: string;
  region: string;
  accountId: string;
  /** AWS's word: `creating`, `available`, `modifying`… */
  status: string;
  engine: string;
  /** The requested version. */
  engineVersion: string;
  /** The engine that really runs. */
  runs: { engine: string; version: string };
  clusterEnabled: boolean;
  /** `host:port` each. */
  endpoints: { primary?: string; reader?: string; configuration?: string };
  members: MemberStatus[];
  /** Present when replicas have names of their own, with their last known targets. */
  replicaNames?: { pattern: string; names: { name: string; member: string }[] };
}

/** A node of a group. */
export interface MemberStatus {
  /** `demo-001`. */
  id: string;
  role: 'primary' | 'replica';
  address: string;
  /** `host:port`. */
  endpoint: string;
  /** The engine's state: `running`, `starting`, `busy`, `hung`, `exited`, `absent`. */
  state: string;
  /** Cuts of the network keep it from most of its group, or from clients. */
  isolated?: true;
  pid?: number;
}

/** The answer of `GET /_millpond/why?resource=ID`: why a resource is in its state. 404 for an unknown resource. */
export interface WhyReport {
  resource: string;
  /** The desired state, from the record. */
  desired: unknown;
  /** The state that the engines report. */
  observed: unknown;
  /** The controller's next actions, one line each; empty when nothing is to be done. */
  plan: string[];
  /** What the controller waits for, as clauses for people. */
  waits: string[];
  /** The feeds that read it. Absent in the answer of an older Millpond. */
  feeds?: FeedView[];
  /** The cuts of the network that hold now. */
  cuts: Cut[];
  /** One line for people each, the newest last. */
  events: string[];
}

/** The body of `POST /_millpond/feeds`: a feed as commands ask for it. */
export interface FeedRequest {
  region?: string | undefined;
  /** Contains the account; the default account when absent. */
  accessKeyId?: string | undefined;
  /** The feed exists, and is changed. */
  isUpdate?: boolean;
  name?: string | undefined;
  cache?: string | undefined;
  /** `lambda:FUNCTION`, `dynamodb:TABLE`… */
  to?: string | undefined;
  keys?: readonly string[] | undefined;
  value?: string | undefined;
  /** The text of a YAML file, and its name for messages; instead of the above. */
  file?: { name: string; text: string } | undefined;
  /** What the file's references to variables and files stand for. */
  secrets?: { env: Record<string, string>; files: Record<string, string> } | undefined;
}

/** A feed as `GET /_millpond/feeds` shows it: `{ feeds: […] }`. Holds no secret. */
export interface FeedView {
  name: string;
  region: string;
  accountId: string;
  /** The id of the cache, or the host of another server. */
  source: string;
  kind: 'replication' | 'stream' | 'keyspace';
  /** `lambda orders`. */
  targets: readonly string[];
  /** `command`, or the tag or resource that made it. */
  by: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** See feed/feeds.ts. */
  status: {
    state: 'starting' | 'running' | 'failing';
    details: readonly string[];
    lagChanges: number;
    lagSeconds: number;
    read: number;
    delivered: number;
    retried: number;
    dead: number;
    mappings: readonly { name: string; delivered: number; retried: number; dead: number }[];
    pid?: number;
  };
}

/** The answer of `GET /_millpond/names`: every endpoint name with its current address. For hosts files. */
export type EndpointNames = Record<string, string>;

/** The body of POST /_millpond/machines. */
export interface MachineRequest {
  region: string;
  /** Contains the account; the default account when absent. */
  accessKeyId?: string;
  /** A subnet of the default VPC when absent. */
  subnetId?: string;
  /** This address of the subnet, instead of any free one. */
  address?: string;
  /** The machine runs already; an earlier Millpond opened it at this address. */
  isThere?: boolean;
  /** Absent for the user's own commands, which everything lets in. */
  securityGroupIds?: string[];
  /** It is an EC2 instance, whose interface EC2 has already. */
  isInstance?: boolean;
}

/** The answer: a machine that is held while the answer's connection is open. */
export interface MachineLease {
  address: string;
  /** The DNS server for its programs. */
  resolver: string;
  /** The URL of the API inside of the network. */
  apiUrl: string;
  /** The words in front of a command that run it in the machine. */
  enter: string[];
}
