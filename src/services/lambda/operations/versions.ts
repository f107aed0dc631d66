// Versions: numbered, immutable copies of a function.

import { changeFunction, findFunction, newRevision, requireRevision } from '../context.ts';
import type { FunctionRecord, VersionRecord } from '../domain/model.ts';
import { invalidParameter } from '../faults.ts';
import { pageRequest, versionKey, versionPages } from '../paging.ts';
import type { Operation } from '../sdk.ts';
import { viewConfiguration } from '../view.ts';

/** Publishes a version. AWS: if nothing has changed since the last version, that one is returned. */
export function publish(record: FunctionRecord, description: string): VersionRecord {
  const last = record.versions[record.lastVersion];
  if (last && fingerprint(last) === fingerprint({ ...record.latest, description })) return last;
  const version = String(++record.lastVersion);
  const published = { ...structuredClone(record.latest), version, description, revisionId: newRevision() };
  record.versions[version] = published;
  return published;
}

function fingerprint({ version: _, revisionId: __, modifiedAt: ___, ...rest }: VersionRecord): string {
  return JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export const PublishVersion: Operation<'PublishVersion'> = (lambda, input, context) => {
  const { reference } = findFunction(lambda, input.FunctionName, context);
  const { scope, name } = reference;
  const version = changeFunction(lambda, reference, (record) => {
    requireRevision(record.latest.revisionId, input.RevisionId);
    if (
      input.CodeSha256 &&
      Buffer.from(input.CodeSha256, 'base64').toString('hex') !== record.latest.codeHash
    ) {
      throw invalidParameter(
        `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${Buffer.from(record.latest.codeHash, 'hex').toString('base64')}). Please try again with the CodeSHA256 in $LATEST.`,
      );
    }
    return publish(record, input.Description ?? record.latest.description);
  });
  return viewConfiguration(lambda, scope, name, version);
};

export const ListVersionsByFunction: Operation<'ListVersionsByFunction'> = (lambda, input, context) => {
  const { record, reference } = findFunction(lambda, input.FunctionName, context);
  const versions = [record.latest, ...Object.values(record.versions)];
  const page = versionPages.ofSorted(versions, (each) => versionKey(each.version), pageRequest(input));
  return {
    Versions: page.items.map((each) =>
      viewConfiguration(lambda, reference.scope, record.name, each, each.version),
    ),
    NextMarker: page.token,
  };
};
