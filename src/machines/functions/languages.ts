// The interpreters of this machine, found when the first function needs one; Python also gets a virtual environment.

import type { Log } from '../../kernel/log.ts';
import { findInterpreters, type Interpreter, nearest } from './interpreters.ts';
import type { Family, Language } from './language.ts';
import { pythonHome } from './python-home.ts';
import { familyOf, nodeLanguage, versionOf } from './runtimes.ts';

/** Finds an interpreter for a runtime. */
export interface Languages {
  /** Rejects with a sentence when the machine has no interpreter for it. */
  of(runtime: string): Promise<Language>;
  /** A sentence when the interpreter's version differs from the runtime's. */
  noteOn(runtime: string, language: Language): string | undefined;
  /** Interrupts running set-ups. */
  stop(): Promise<void>;
}

/** Finds interpreters on demand. */
export function createLanguages(options: {
  directory: string;
  preparedPython?: string | undefined;
  packages: readonly string[];
  log: Log;
}): Languages {
  const stopping = new AbortController();
  const found = new Map<string, Promise<Interpreter[]>>();
  const homes = new Map<string, Promise<Language>>();

  async function of(runtime: string): Promise<Language> {
    const family = familyOf(runtime);
    if (family === 'node') return nodeLanguage();
    if (family === 'program') return { family, version: versionOf(runtime) };
    if (!family) throw new Error(`Millpond cannot run ${runtime}`);
    const interpreter = nearest(await interpretersOf(family), versionOf(runtime));
    if (!interpreter) throw new Error(`This machine has no ${family} that could run ${runtime}`);
    if (family === 'ruby') return { family, ...interpreter, visible: [interpreter.directory] };
    let home = homes.get(interpreter.version);
    if (!home) {
      home = pythonHome(interpreter, {
        ...options,
        prepared: options.preparedPython,
        signal: stopping.signal,
      });
      homes.set(interpreter.version, home);
      // The next function that needs it tries again.
      home.catch(() => homes.delete(interpreter.version));
    }
    return home;
  }

  function interpretersOf(family: Family & ('python' | 'ruby')): Promise<Interpreter[]> {
    let interpreters = found.get(family);
    if (!interpreters) found.set(family, (interpreters = findInterpreters(family, process.env.PATH ?? '')));
    return interpreters;
  }

  return {
    of,
    noteOn(runtime, language) {
      if (language.family === 'program' || versionOf(runtime) === language.version) return undefined;
      return `${runtime} runs on this machine's ${language.family} ${language.version}`;
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled(homes.values());
    },
  };
}
