// What CloudFormation's parts share: records, clocks, the types that can be made, and the clients of its neighbours.

import type { ResourceType } from '../../control/resource-type.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import type { Notices } from './execution/notices.ts';
import type { TemplateReader } from './reading/reader.ts';
import type { Records } from './records.ts';

export interface Neighbours {
  s3: Client<typeof import('@aws-sdk/client-s3')>;
  lambda: Client<typeof import('@aws-sdk/client-lambda')>;
  ssm: Client<typeof import('@aws-sdk/client-ssm')>;
  ec2: Client<typeof import('@aws-sdk/client-ec2')>;
}

export interface CloudFormationOptions {
  /** `record`: types that nothing can make are kept, and nothing comes of them. Otherwise they fail validation. */
  unknownResources?: 'record' | undefined;
  /**
   * Where functions reach Millpond over HTTPS, without a slash at the end: AWS's address for the answers of custom
   * resources is one, and code written for Node takes that for granted. Undefined where they cannot.
   */
  functionsAnswerAt?: () => Promise<string | undefined>;
}

export interface CloudFormation {
  store: Store;
  records: Records;
  clock: Clock;
  log: Log;
  neighbours: Neighbours;
  options: CloudFormationOptions;
  reader: TemplateReader;
  /** Names of all types that something can make. */
  knownTypes(): readonly string[];
  /** `undefined`: nothing can make it. */
  typeNamed(name: string): ResourceType | undefined;
  /** Tells those who wait that a stack or an answer has changed. */
  notices: Notices;
  /** Queues the stack, once what is being written is committed. */
  wake(stackId: string): void;
}
