// The lists of the registry: repositories, tags, and the images that refer to another one.

import { parseDigest } from '../domain/digests.ts';
import { OCI_INDEX } from '../domain/manifest.ts';
import { contentKey, contentsOf, type Image } from '../records.ts';
import { digestInvalid, pageInvalid } from './errors.ts';
import { type Answer, type Handlers, repositoryNamed } from './request.ts';

/** The most items of a page, also when the request asks for more. */
const LONGEST_PAGE = 1_000;

/** The handlers of `/v2/_catalog`. */
export const catalogHandlers: Handlers<unknown> = {
  GET({ ecr, registry, query }) {
    const limit = pageSize(query);
    const after = query.get('last') ?? undefined;
    const found = ecr.records.repositories.list(registry, { after, limit: limit + 1 });
    const repositories = found.slice(0, limit).map(({ name }) => name);
    return page(
      { repositories },
      '/v2/_catalog',
      query,
      found.length > limit ? repositories.at(-1) : undefined,
    );
  },
};

/** The handlers of `/v2/NAME/tags/list`. */
export const tagsHandlers: Handlers<{ name: string }> = {
  GET(request, { name }) {
    const { ecr, query } = request;
    const { scope, repository } = repositoryNamed(request, name);
    const limit = pageSize(query);
    const prefix = contentsOf(repository.id);
    const last = query.get('last');
    const after = last === null ? undefined : `${prefix}${last}`;
    const found = ecr.records.tags.list(scope, { prefix, after, limit: limit + 1 });
    const tags = found.slice(0, limit).map(({ tag }) => tag);
    const next = found.length > limit ? tags.at(-1) : undefined;
    return page({ name: repository.name, tags }, `/v2/${name}/tags/list`, query, next);
  },
};

/** The handlers of `/v2/NAME/referrers/DIGEST`. An unknown digest has none. */
export const referrersHandlers: Handlers<{ name: string; digest: string }> = {
  GET(request, { name, digest }) {
    const { ecr, query } = request;
    const { scope, repository } = repositoryNamed(request, name);
    if (!parseDigest(digest)) throw digestInvalid(`${digest.slice(0, 200)} is not a digest.`);
    const wanted = query.get('artifactType');
    const last = query.get('last');
    const range = {
      limit: LONGEST_PAGE + 1,
      ...(last !== null && { after: contentKey(repository.id, last) }),
    };
    const found = ecr.records.images.by(scope, 'subject', contentKey(repository.id, digest), range);
    const shown = found.slice(0, LONGEST_PAGE);
    const manifests = shown
      .filter(({ artifactType }) => wanted === null || artifactType === wanted)
      .map(descriptorOf);
    const next = found.length > LONGEST_PAGE ? shown.at(-1)!.digest : undefined;
    const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests };
    const answer = page(index, `/v2/${name}/referrers/${digest}`, query, next);
    return {
      ...answer,
      headers: {
        ...answer.headers,
        'content-type': OCI_INDEX,
        ...(wanted !== null && { 'oci-filters-applied': 'artifactType' }),
      },
    };
  },
};

const descriptorOf = ({ mediaType, digest, manifestBytes, artifactType, annotations }: Image) => ({
  mediaType,
  digest,
  size: manifestBytes,
  ...(artifactType !== undefined && { artifactType }),
  ...(annotations && { annotations }),
});

function pageSize(query: URLSearchParams): number {
  const asked = query.get('n');
  if (asked === null) return LONGEST_PAGE;
  if (!/^\d{1,9}$/.test(asked)) throw pageInvalid();
  return Math.min(Number(asked), LONGEST_PAGE);
}

/** `next` is the last item shown, when there are more (RFC 5988). */
function page(document: unknown, path: string, query: URLSearchParams, next: string | undefined): Answer {
  const following = new URLSearchParams(query);
  if (next !== undefined) following.set('last', next);
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      ...(next !== undefined && { link: `<${path}?${following}>; rel="next"` }),
    },
    body: JSON.stringify(document),
  };
}
