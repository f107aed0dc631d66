// RestoreObject makes an archived version readable for some days. It takes effect at once; on AWS it takes minutes to
// hours.

import { oneOf } from '../domain/documents.ts';
import { isOfArchive } from '../domain/records.ts';
import { notSupported } from '../faults/buckets.ts';
import { invalidArgument, malformedXml, missingRequestBody, notRestorable } from '../faults/requests.ts';
import type { Operation } from '../sdk.ts';
import { findVersion } from '../versions.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const TIER = oneOf('Standard', 'Bulk', 'Expedited');

/** Throws NoSuchKey, NoSuchVersion, MissingRequestBodyError, InvalidObjectState, MalformedXML, InvalidArgument. */
export const RestoreObject: Operation<'RestoreObject'> = (s3, input) =>
  s3.change(() => {
    const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
    const version = findVersion(s3, bucket, input.Key, input.VersionId, 'POST');
    if (!input.RestoreRequest) throw missingRequestBody();
    const { Days, GlacierJobParameters, OutputLocation, SelectParameters, Type } = input.RestoreRequest;
    if (Type ?? SelectParameters ?? OutputLocation) throw notSupported('queries of archived objects');
    const { storageClass = 'STANDARD' } = version.description;
    if (!isOfArchive(version)) throw notRestorable(storageClass);
    if (Days === undefined || !Number.isInteger(Days) || Days < 1) throw malformedXml();
    const tier = GlacierJobParameters?.Tier ?? input.RestoreRequest.Tier ?? 'Standard';
    TIER(tier);
    if (tier === 'Expedited' && storageClass === 'DEEP_ARCHIVE') {
      throw invalidArgument('Retrieval option is not supported by this storage class', 'Tier', tier);
    }
    // AWS: the version is readable until the midnight (UTC) after the days.
    const restoredUntil = (Math.floor(s3.now() / DAY_MS) + Days + 1) * DAY_MS;
    s3.objects.update({ ...version, restoredUntil });
    return {};
  });
