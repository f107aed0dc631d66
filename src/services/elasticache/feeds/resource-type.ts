// The resource type Millpond::ElastiCache::Feed. Its properties are those of a feed's YAML file, in Pascal case.

import type { Scope } from '../../../aws/scope.ts';
import { physicalName } from '../../../control/physical-name.ts';
import { ResourceFailure } from '../../../control/resource-failure.ts';
import type {
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../../control/resource-type.ts';
import type { FeedConfiguration } from '../../../feed/configuration/configuration.ts';
import { readProperties } from '../../../feed/configuration/read-configuration.ts';
import type { Store } from '../../../store/store.ts';
import type { FeedControl } from './feed-control.ts';
import { readOrRefuse } from './feed-request.ts';
import type { FeedOrigin } from './record.ts';

const MAX_NAME_LENGTH = 63;

/** What the type works with: the feeds of this Millpond. */
export interface FeedTypeDependencies {
  feeds: FeedControl;
  store: Pick<Store, 'transaction'>;
}

/** `Ref` is the name of the feed. */
export function feedType({ feeds, store }: FeedTypeDependencies): ResourceType {
  /** Resolves when the feed runs. */
  async function runs(scope: Scope, name: string): Promise<ResourceState> {
    await feeds.settled(scope, name);
    return { physicalId: name, attributes: {} };
  }

  return {
    name: 'Millpond::ElastiCache::Feed',
    async create(request) {
      const configuration = read(
        request,
        physicalName(request, { maxLength: MAX_NAME_LENGTH }).toLowerCase(),
      );
      const { scope } = request;
      const { name } = store.transaction(() => feeds.put(scope, configuration, originOf(request)));
      try {
        return await runs(scope, name);
      } catch (error) {
        throw new ResourceFailure((error as Error).message, name, error);
      }
    },
    async update(request) {
      const { physicalId, scope } = request;
      const configuration = read(request, physicalId);
      const before = feeds.find(scope, physicalId)?.by;
      const by = before?.is === 'stack' ? before : originOf(request);
      store.transaction(() => feeds.put(scope, configuration, by));
      return await runs(scope, physicalId);
    },
    async delete(request) {
      const { physicalId, scope } = request;
      const found = feeds.find(scope, physicalId);
      const { by } = found ?? {};
      if (by?.is !== 'stack' || by.stack !== request.stackName || by.logicalId !== request.logicalId) return;
      store.transaction(() => feeds.remove(scope, physicalId));
      await feeds.settled(scope, physicalId);
    },
    replaces: (property, { before, after }) => property === 'Name' && before.Name !== after.Name,
  };
}

function originOf({ stackName, logicalId, token }: ResourceRequest): FeedOrigin {
  return { is: 'stack', stack: stackName, logicalId, token };
}

function read({ properties, scope }: ResourceRequest, name: string): FeedConfiguration {
  return readOrRefuse(() => readProperties(withoutTags(properties), { name, scope }));
}

/** A feed has no tags. */
const withoutTags = ({ Tags: _, ...rest }: Properties): Properties => rest;
