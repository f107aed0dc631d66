// Configurations with an id, of which a bucket can have many: analytics, inventories, metrics and intelligent tiering.
// They are recorded and have no effect. Each kind is one row of this table, on which
// operations/bucket-configurations.ts works.

import { pagesOf } from '../../../aws/pages.ts';
import type { S3 } from '../context.ts';
import { filterForm, integer, listOf, oneOf, STATUS, structure, text } from '../domain/documents.ts';
import { configurationId, EVERYWHERE } from '../domain/ids.ts';
import {
  idMismatch,
  invalidTarget,
  noConfigurationWithId,
  tooManyConfigurations,
} from '../faults/buckets.ts';
import { invalidContinuationToken, malformedXml } from '../faults/requests.ts';
import type { Shape } from './table.ts';

interface Kind {
  form: (value: unknown) => void;
  check?: (id: string, value: Shape) => void;
}

const MOST = 1000;
const PAGE = 100;
const ID = text(1, 64);

const isSameId = (id: string, value: Shape): void => {
  if (value.Id !== id) throw malformedXml();
};

const KINDS = {
  AnalyticsConfiguration: {
    form: structure(
      { Id: ID, Filter: filterForm(), StorageClassAnalysis: structure({}) },
      { required: ['Id', 'StorageClassAnalysis'] },
    ),
    check: isSameId,
  },
  IntelligentTieringConfiguration: {
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
  InventoryConfiguration: {
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
  MetricsConfiguration: {
    form: structure({ Id: ID, Filter: filterForm({ AccessPointArn: text(1, 2048) }) }, { required: ['Id'] }),
    check: isSameId,
  },
} satisfies Record<string, Kind>;

/** The member of the Put and Get operations that has the configuration. */
type Member = keyof typeof KINDS;

const pagesOfKind = (member: Member) =>
  pagesOf({
    list: `s3 ${member}`,
    invalidToken: invalidContinuationToken,
  });

/** The id of a configuration, or the prefix of all. Throws NoSuchBucket. */
function place(s3: S3, member: Member, input: Shape, id?: string): string {
  const { name: bucket } = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  return configurationId(bucket, member, id);
}

function existing(s3: S3, member: Member, input: Shape): Shape {
  const found = s3.buckets.configurations.get(EVERYWHERE, place(s3, member, input, input.Id));
  if (!found) throw noConfigurationWithId();
  return found;
}

/** Throws NoSuchBucket, MalformedXML, TooManyConfigurations and the errors of the kind. */
export const putConfiguration = (s3: S3, member: Member, input: Shape): Shape =>
  s3.change(() => {
    const { configurations } = s3.buckets;
    const { form, check }: Kind = KINDS[member];
    const id = place(s3, member, input, input.Id);
    const value = input[member];
    form(value);
    check?.(input.Id, value);
    const isNew = !configurations.has(EVERYWHERE, id);
    if (isNew && configurations.count(EVERYWHERE, place(s3, member, input)) >= MOST)
      throw tooManyConfigurations();
    configurations.put(EVERYWHERE, id, value);
    return {};
  });

/** Throws NoSuchBucket, NoSuchConfiguration. */
export const getConfiguration = (s3: S3, member: Member, input: Shape): Shape => ({
  [member]: existing(s3, member, input),
});

/** Throws NoSuchBucket, NoSuchConfiguration. */
export const deleteConfiguration = (s3: S3, member: Member, input: Shape): Shape =>
  s3.change(() => {
    existing(s3, member, input);
    s3.buckets.configurations.delete(EVERYWHERE, place(s3, member, input, input.Id));
    return {};
  });

/** A page of a hundred. Throws NoSuchBucket, InvalidArgument. */
export async function listConfigurations(s3: S3, member: Member, input: Shape): Promise<Shape> {
  const token: string | undefined = input.ContinuationToken;
  const request = { limit: PAGE, token, prefix: place(s3, member, input) };
  const page = await pagesOfKind(member).ofCollection(s3.buckets.configurations, EVERYWHERE, request);
  return {
    IsTruncated: page.token !== undefined,
    ContinuationToken: token,
    NextContinuationToken: page.token,
    [`${member}List`]: page.items,
  };
}
