// What `GET /_millpond/status`, `…/why` and `…/names` answer: JSON for the command line, the console and scripts.
// Plain data, never a handle on anything.

export interface MillpondStatus {
  pid: number;
  version: string;
  /** The API, e.g. `http://127.0.0.1:4566`. */
  url: string;
  port: number;
  dns: { address: string; port: number };
  /** Where AWS's own host names of these services lead, and who vouches for that; absent where they do not. */
  https?: { address: string; port: number; authorityFile: string; services: string[] };
  /** The endpoints' suffix. */
  domain: string;
  region: string;
  engines: { engine: string; version: string; path: string }[];
  groups: GroupStatus[];
}

export interface GroupStatus {
  id: string;
  region: string;
  accountId: string;
  /** AWS's word: `creating`, `available`, `modifying`… */
  status: string;
  engine: string;
  /** The version that was asked for. */
  engineVersion: string;
  /** What really runs. */
  runs: { engine: string; version: string };
  clusterEnabled: boolean;
  /** `host:port` each. */
  endpoints: { primary?: string; reader?: string; configuration?: string };
  members: MemberStatus[];
  /** Present when its replicas have names of their own, as they led at the last look. */
  replicaNames?: { pattern: string; names: { name: string; member: string }[] };
}

export interface MemberStatus {
  /** `demo-001`. */
  id: string;
  role: 'primary' | 'replica';
  address: string;
  /** `host:port`. */
  endpoint: string;
  /** The engine's state: `running`, `starting`, `busy`, `hung`, `exited`, `absent`. */
  state: string;
  pid?: number;
}

/** Why a resource is as it is. `GET /_millpond/why?resource=ID`, 404 when there is no such resource. */
export interface WhyReport {
  resource: string;
  /** What the record asks for. */
  desired: unknown;
  /** What the engines say. */
  observed: unknown;
  /** What the controller would do next, one line a step; empty when it is content. */
  plan: string[];
  /** What it waits for before it does more; clauses for people. */
  waits: string[];
  /** Newest last, each a line for people. */
  events: string[];
}

/** `GET /_millpond/names`: every endpoint name -> the address that it leads to now. For hosts files. */
export type EndpointNames = Record<string, string>;
