// Chromium from the system's packages, for the tests of what web pages may do (driven by playwright-core).

import { findCommand } from './system.mjs';

export const browser = {
  name: 'Chromium',
  isThere: () => findCommand('chromium') !== undefined,
  packages: { 'apt-get': ['chromium'], dnf: ['chromium'], apk: ['chromium'] },
};
