// What the resource types of ElastiCache are made over.

import type { Scope } from '../../aws/scope.ts';
import type { Client } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';

export interface ElastiCacheTypeDependencies {
  client: Client<Sdk>;
  /**
   * Resolves once the group is neither being created nor modified, or the time is over. Absent where ElastiCache is
   * elsewhere: then it is asked again and again.
   */
  untilSettled?: ((scope: Scope, id: string, timeoutMs: number) => Promise<void>) | undefined;
}
