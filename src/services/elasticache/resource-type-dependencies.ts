// What ElastiCache's resource types need to work.

import type { Scope } from '../../aws/scope.ts';
import type { Client } from '../../wire/client.ts';
import type { FeedTypeDependencies } from './feeds/resource-type.ts';
import type { Sdk } from './sdk.ts';

/** The arguments of each resource type's factory. */
export interface ElastiCacheTypeDependencies extends FeedTypeDependencies {
  client: Client<Sdk>;
  /**
   * Resolves when the group is no longer being created, modified or deleted, or after `timeoutMs`. Absent when
   * ElastiCache is another endpoint; the resource types then poll.
   */
  untilSettled?: ((scope: Scope, id: string, timeoutMs: number) => Promise<void>) | undefined;
}
