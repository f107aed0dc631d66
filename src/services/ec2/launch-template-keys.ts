// By what a version of a launch template is kept. Pure.

/** Sorts as the numbers do. */
export const versionKey = (launchTemplateId: string, version: number): string =>
  `${launchTemplateId} ${String(version).padStart(10, '0')}`;
