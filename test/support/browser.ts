// Chromium for tests: one browser per test file, and one context per scenario, which shares no cookies, caches or
// service workers with others. It resolves only the names that the test gives, so it reaches only this machine.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { findProgram } from './outside-clients.ts';

const CHROMIUM = findProgram('chromium');

/** The `skip` of a test that needs the browser. */
export const WITHOUT_BROWSER: string | false =
  CHROMIUM === undefined && 'chromium is not installed; `node scripts/setup.mjs --for-tests` brings it';

/** A running Chromium. */
export interface TestBrowser {
  /** Opens a page in a new context, closed when the test ends. Its default timeout suits tests under load. */
  page(test: TestContext): Promise<Page>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 60_000;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** All `names` resolve to 127.0.0.1, which simulates an attacker's DNS. */
export async function startBrowser({ names = [] }: { names?: readonly string[] } = {}): Promise<TestBrowser> {
  const home = mkdtempSync(join(tmpdir(), 'millpond-browser-'));
  const rules = [
    ...names.map((name) => `MAP ${name} 127.0.0.1`),
    'MAP * ~NOTFOUND',
    ...['localhost', '127.*', '0.0.0.0', '[::1]'].map((host) => `EXCLUDE ${host}`),
  ];
  const browser = await chromium.launch({
    executablePath: CHROMIUM!,
    headless: true,
    timeout: PATIENCE_MS,
    args: [...FLAGS, `--host-resolver-rules=${rules.join(', ')}`],
    // Files of Chromium outside of the profile (which playwright-core creates and deletes), deleted with the browser.
    env: { PATH: process.env.PATH ?? '', HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
  });
  return {
    async page(test) {
      const context: BrowserContext = await browser.newContext();
      test.after(() => context.close());
      context.setDefaultTimeout(PATIENCE_MS);
      return await context.newPage();
    },
    async stop() {
      await browser.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
