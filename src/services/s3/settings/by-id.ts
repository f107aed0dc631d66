// Configurations of which a bucket may have many, each with an id: analytics, inventories, metrics, tiers. They are kept
// and shown, and change nothing. One row each, from which Put, Get, List and Delete are made.

import { pagesOf } from '../../../aws/pages.ts';
import type { Handler } from '../../../wire/service.ts';
import { filterForm, integer, listOf, oneOf, STATUS, structure, text } from '../domain/documents.ts';
import { configurationId, EVERYWHERE } from '../domain/ids.ts';
import {
  idMismatch,
  invalidArgument,
  invalidTarget,
  malformedXml,
  noSuchNumberedConfiguration,
  tooManyConfigurations,
} from '../faults.ts';
import type { Storage } from '../storage.ts';
import type { Shape } from './table.ts';

interface Kind {
  /** What stands between the verb and `Configuration` in the operations' names. */
  name: string;
  /** The member of the Put and the Get. */
  member: string;
  form: (value: unknown) => void;
  check?: (id: string, value: Shape) => void;
}

const MOST = 1000;
const PAGE = 100;
const ID = text(1, 64);

const isSameId = (id: string, value: Shape): void => {
  if (value.Id !== id) throw malformedXml();
};

const KINDS: readonly Kind[] = [
  {
    name: 'BucketAnalytics',
    member: 'AnalyticsConfiguration',
    form: structure(
      { Id: ID, Filter: filterForm(), StorageClassAnalysis: structure({}) },
      { required: ['Id', 'StorageClassAnalysis'] },
    ),
    check: isSameId,
  },
  {
    name: 'BucketIntelligentTiering',
    member: 'IntelligentTieringConfiguration',
    form: structure(
      {
        Id: ID,
        Filter: filterForm(),
        Status: STATUS,
        Tierings: listOf(
          structure(
            { Days: integer(1), AccessTier: oneOf('ARCHIVE_ACCESS', 'DEEP_ARCHIVE_ACCESS') },
            { required: ['Days', 'AccessTier'] },
          ),
          1,
          2,
        ),
      },
      { required: ['Id', 'Status', 'Tierings'] },
    ),
    check: isSameId,
  },
  {
    name: 'BucketInventory',
    member: 'InventoryConfiguration',
    form: structure(
      {
        Id: ID,
        Destination: structure(
          {
            S3BucketDestination: structure(
              { Bucket: text(1, 2048), Format: oneOf('CSV', 'ORC', 'Parquet'), Prefix: text(0, 512) },
              { required: ['Bucket', 'Format'] },
            ),
          },
          { required: ['S3BucketDestination'] },
        ),
        Schedule: structure({ Frequency: oneOf('Daily', 'Weekly') }, { required: ['Frequency'] }),
        IncludedObjectVersions: oneOf('All', 'Current'),
        OptionalFields: listOf(text(1, 64), 0, 32),
      },
      { required: ['Id', 'Destination', 'Schedule', 'IncludedObjectVersions', 'IsEnabled'] },
    ),
    check(id, value) {
      if (value.Id !== id) throw idMismatch();
      const { Bucket } = value.Destination.S3BucketDestination;
      if (!/^arn:aws[a-z-]*:s3:::[^/]+$/.test(Bucket)) throw invalidTarget('Invalid bucket ARN.');
    },
  },
  {
    name: 'BucketMetrics',
    member: 'MetricsConfiguration',
    form: structure({ Id: ID, Filter: filterForm({ AccessPointArn: text(1, 2048) }) }, { required: ['Id'] }),
    check: isSameId,
  },
];

/** By name. */
export function configurationOperations(storage: Storage): Record<string, Handler<Shape, Shape>> {
  return Object.assign({}, ...KINDS.map((kind) => operationsOf(storage, kind)));
}

function operationsOf({ buckets, change }: Storage, kind: Kind): Record<string, Handler<Shape, Shape>> {
  const { name, member, form, check } = kind;
  const { configurations } = buckets;
  const pages = pagesOf({
    list: `s3 ${member}`,
    invalidToken: () => invalidArgument('The continuation token provided is incorrect', 'continuation-token'),
  });
  /** Where they lie, of a bucket that is there. */
  const place = (input: Shape, id?: string): string => {
    const { name: bucket } = buckets.get(input.Bucket, input.ExpectedBucketOwner);
    return configurationId(bucket, member, id);
  };
  const existing = (input: Shape) => {
    const found = configurations.get(EVERYWHERE, place(input, input.Id));
    if (!found) throw noSuchNumberedConfiguration();
    return found;
  };
  return {
    [`Put${name}Configuration`]: (input) =>
      change(() => {
        const id = place(input, input.Id);
        const value = input[member];
        form(value);
        check?.(input.Id, value);
        const isNew = !configurations.has(EVERYWHERE, id);
        if (isNew && configurations.count(EVERYWHERE, place(input)) >= MOST) throw tooManyConfigurations();
        configurations.put(EVERYWHERE, id, value);
        return {};
      }),
    [`Get${name}Configuration`]: (input) => ({ [member]: existing(input) }),
    [`Delete${name}Configuration`]: (input) =>
      change(() => {
        existing(input);
        configurations.delete(EVERYWHERE, place(input, input.Id));
        return {};
      }),
    async [`List${name}Configurations`](input) {
      const token: string | undefined = input.ContinuationToken;
      const request = { limit: PAGE, token, prefix: place(input) };
      const page = await pages.ofCollection(configurations, EVERYWHERE, request);
      return {
        IsTruncated: page.token !== undefined,
        ContinuationToken: token,
        NextContinuationToken: page.token,
        [`${member}List`]: page.items,
      };
    },
  };
}
