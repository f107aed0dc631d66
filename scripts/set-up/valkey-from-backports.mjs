// For CI on Debian bookworm only: adds the backports of the configured mirror and installs Valkey from there, without
// its service. The users' set-up never changes package sources.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installWithoutService } from './engine.mjs';
import { SetUpError, say } from './say.mjs';
import { aptCandidate, findCommand, updateApt } from './system.mjs';

const SOURCES = '/etc/apt/sources.list.d';

if (findCommand('valkey-server')) {
  say('Valkey is already installed.');
} else {
  const hasBackports = sourceTexts().some((text) => text.includes('bookworm-backports'));
  if (!hasBackports) {
    const mirror = mirrorInUse();
    writeFileSync(
      join(SOURCES, 'millpond-ci-backports.list'),
      `deb ${mirror.options}${mirror.address} bookworm-backports main\n`,
    );
    say('added bookworm-backports to the package sources of this CI machine.');
  }
  updateApt();
  if (!aptCandidate('valkey-server')) throw new SetUpError('the mirror has no valkey-server.');
  installWithoutService('valkey-server');
  if (!findCommand('valkey-server')) throw new SetUpError('valkey-server did not install.');
  say('installed Valkey from bookworm-backports; its service is neither running nor enabled.');
}

function sourceTexts() {
  const files = ['/etc/apt/sources.list', ...readdirSync(SOURCES).map((name) => join(SOURCES, name))];
  return files.map(readIfThere);
}

/** The address of bookworm's mirror, with its `[signed-by=…]` if any. */
function mirrorInUse() {
  for (const text of sourceTexts()) {
    const line = /^deb\s+(\[[^\]]*\]\s+)?(\S+)\s+bookworm\s/m.exec(text);
    if (line) return { options: line[1] ?? '', address: line[2] };
    const stanza = text
      .split(/\n\s*\n/)
      .find((each) => /^Suites:.*\bbookworm\b/m.test(each) && /^URIs:/m.test(each));
    if (!stanza) continue;
    const key = /^Signed-By:\s*(\S+)/m.exec(stanza)?.[1];
    return { options: key ? `[signed-by=${key}] ` : '', address: /^URIs:\s*(\S+)/m.exec(stanza)[1] };
  }
  throw new SetUpError('no package source for bookworm was found.');
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
