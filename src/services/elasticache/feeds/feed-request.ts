// A feed as commands ask for it: by a YAML file, or by a few words.

import type { FeedConfiguration, Target } from '../../../feed/configuration/configuration.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import type { FeedRequest } from '../../../status.ts';

/** Throws InvalidOption with what is wrong. */
export function configurationOf({ name, cache, to, keys, value }: FeedRequest): FeedConfiguration {
  if (!name) throw new OperationalError('InvalidOption', 'A feed needs a name.');
  if (!cache) throw new OperationalError('InvalidOption', 'A feed needs a cache: --cache ID.');
  if (!to) throw new OperationalError('InvalidOption', 'A feed needs a target: --to lambda:FUNCTION.');
  const target = targetOf(to);
  return {
    name,
    source: { kind: 'replication', cache, resync: 'diff' },
    value: value === 'none' ? 'none' : 'after',
    readsMetaRecords: false,
    mappings: [
      {
        ...{ name: 'all', keys: keys ?? ['*'], types: [], commands: [], fields: [], filters: [], target },
        payload: 'change',
        batch: { size: 10, windowMs: 0, parallel: 2 },
        retry: { attempts: -1, maxAgeMs: -1, bisects: false },
      },
    ],
  };
}

function targetOf(text: string): Target {
  const [kind, rest] = [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)];
  switch (kind) {
    case 'lambda':
      return { kind, function: rest, reportsItemFailures: false };
    case 'dynamodb':
      return { kind, table: rest, row: { key: {} } };
    case 'sns':
      return { kind, topic: rest };
    case 'sqs':
      return { kind, queue: rest };
    case 'null':
      return { kind };
    default:
      throw new OperationalError('InvalidOption', `A feed cannot deliver to ${JSON.stringify(text)}.`);
  }
}
