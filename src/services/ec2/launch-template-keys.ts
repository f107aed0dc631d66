// The store's keys of launch template versions. Pure.

/** Keys of one template sort by version number. */
export const versionKey = (launchTemplateId: string, version: number): string =>
  `${launchTemplateId} ${String(version).padStart(10, '0')}`;
