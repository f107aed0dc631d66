// The context that every part of CloudFormation gets: records, clock, resource types, and clients of other services.

import type { ResourceType } from '../../control/resource-type.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import type { Notices } from './execution/notices.ts';
import type { TemplateReader } from './reading/reader.ts';
import type { Records } from './records.ts';

/** Typed clients of the services that CloudFormation itself calls. Resource types bring their own clients. */
export interface Neighbours {
  s3: Client<typeof import('@aws-sdk/client-s3')>;
  lambda: Client<typeof import('@aws-sdk/client-lambda')>;
  ssm: Client<typeof import('@aws-sdk/client-ssm')>;
  ec2: Client<typeof import('@aws-sdk/client-ec2')>;
}

/** What the user can configure. */
export interface CloudFormationOptions {
  /** `record`: resources of unknown types are recorded and never created. Otherwise such a template is invalid. */
  unknownResources?: 'record' | undefined;
  /**
   * The URL, without a slash at the end, at which functions reach Millpond. AWS's response URLs of custom resources are
   * HTTPS, and code written for Node relies on that. `undefined`: functions reach every server of Millpond.
   */
  functionsAnswerAt?: () => Promise<string | undefined>;
  /**
   * The URL, without a slash at the end, at which other programs reach Millpond. `undefined`: they run on this host, and
   * reach every server of Millpond.
   */
  programsAnswerAt?: () => string | undefined;
}

/** One per instance of Millpond. Operations, the executor and the resource types share it. */
export interface CloudFormation {
  store: Store;
  records: Records;
  clock: Clock;
  log: Log;
  neighbours: Neighbours;
  options: CloudFormationOptions;
  reader: TemplateReader;
  /** The names of all resource types that can be created. */
  knownTypes(): readonly string[];
  /** `undefined`: no provider has the type. */
  typeNamed(name: string): ResourceType | undefined;
  /** Wakes those who wait for a change of a stack or for a callback. */
  notices: Notices;
  /** Queues the stack for the executor after the current transaction commits. */
  wake(stackId: string): void;
}
