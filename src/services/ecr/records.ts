// ECR's records. Images, tags, layers and uploads are stored under the random id of their repository, not its name: the
// contents of a deleted repository never belong to a new one of the same name, and can be deleted in turns.

import { openRecords as openKind, type RecordKind, type Records as RecordsOf } from '../../aws/records.ts';
import type { Collection, Store } from '../../store/store.ts';
import type { Mutability } from './domain/mutability.ts';
import { repositoryNotFound, tooManyRepositories } from './faults.ts';

/** AWS: the quotas of a registry, and of a repository. */
const MOST_REPOSITORIES = 100_000;
export const MOST_IMAGES = 100_000;

/** A repository. Times are in milliseconds since the epoch. */
export interface Repository {
  name: string;
  /** Random; the prefix of the ids of all that the repository contains. */
  id: string;
  createdAt: number;
  mutability: Mutability;
  /** Patterns of tags that have the opposite mutability. */
  exclusions: string[];
  /** Recorded only: Millpond scans no image. */
  scanOnPush: boolean;
  /** Recorded only: files are stored as they are. */
  encryption: { type: string; key?: string };
  /** JSON, as given. Recorded only. */
  policy?: string;
  lifecyclePolicy?: string;
  tags: Record<string, string>;
}

/** An image, an artifact or an index. Its manifest is the content with its digest. */
export interface Image {
  repository: string;
  digest: string;
  kind: 'image' | 'index';
  mediaType: string;
  /** Of the manifest, in bytes. */
  manifestBytes: number;
  /** Of the layers and the configuration, in bytes; of an index, the most of its images. */
  contentBytes: number;
  artifactType?: string;
  subject?: string;
  /** Only where there is a subject: referrers show them. */
  annotations?: Record<string, string>;
  /** The digests of layers and configuration. */
  blobs: string[];
  /** The digests of the images of an index. */
  children: string[];
  pushedAt: number;
  pulledAt?: number;
}

/** A tag: a name of an image. */
export interface ImageTag {
  repository: string;
  tag: string;
  digest: string;
  pushedAt: number;
}

/** A layer, or a configuration, that is in a repository. The content is shared by all repositories. */
export interface Layer {
  repository: string;
  digest: string;
  size: number;
  mediaType?: string;
  /** When it was last wanted while no image refers to it; absent while one does. */
  unusedSince?: number;
}

/** An upload in progress. The number of bytes is the size of its file. */
export interface Upload {
  id: string;
  repository: string;
  startedAt: number;
  /** Of ECR's API: where the first part below the least size ends. Only the last part may be so small. */
  smallPartEnd?: number;
}

/** A deleted repository whose contents are being deleted. */
export type Deleted = Record<never, never>;

/** ECR's collections. */
export interface Records {
  repositories: RecordsOf<Repository>;
  images: Collection<Image>;
  tags: Collection<ImageTag>;
  layers: Collection<Layer>;
  uploads: Collection<Upload>;
  /** By the repository's id. */
  deleted: Collection<Deleted>;
}

const REPOSITORY: RecordKind<Repository> = {
  collection: 'ecr/repository',
  idOf: ({ name }) => name,
  notFound: (name, scope) => repositoryNotFound(name, scope.accountId),
  indexes: { id: ({ id }) => id },
  quota: { most: MOST_REPOSITORIES, exceeded: tooManyRepositories },
};

/** The key of an image or a layer. */
export const contentKey = (repository: string, digest: string): string => `${repository}/${digest}`;
/** The key of a tag. Tags have no slash. */
export const tagKey = (repository: string, tag: string): string => `${repository}/${tag}`;
/** The prefix of the keys of all contents of a repository. */
export const contentsOf = (repository: string): string => `${repository}/`;

/** Opens ECR's collections in the store. */
export const openRecords = (store: Store): Records => ({
  repositories: openKind(store, REPOSITORY),
  images: store.collection('ecr/image', {
    digest: ({ digest }) => digest,
    subject: ({ repository, subject }) => subject && contentKey(repository, subject),
    uses: ({ repository, blobs, children }) =>
      [...new Set([...blobs, ...children])].map((digest) => contentKey(repository, digest)),
  }),
  tags: store.collection('ecr/tag', {
    digest: ({ repository, digest }) => contentKey(repository, digest),
  }),
  layers: store.collection('ecr/layer', { digest: ({ digest }) => digest }),
  uploads: store.collection('ecr/upload'),
  deleted: store.collection('ecr/deleted'),
});
