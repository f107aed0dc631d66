// Chromium, which the tests of what web pages may do drive with playwright-core. The system's own package.

import { findCommand } from './system.mjs';

export const browser = {
  name: 'Chromium',
  isThere: () => findCommand('chromium') !== undefined,
  packages: { 'apt-get': ['chromium'], dnf: ['chromium'], apk: ['chromium'] },
};
