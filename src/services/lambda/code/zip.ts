// Packages are made by the kernel's zip, which others use as well.

export { zip } from '../../../kernel/zip.ts';
