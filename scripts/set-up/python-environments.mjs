// Installs the tests' clients from PyPI, each list at its exact versions into a virtual environment of the project,
// because installed versions differ in output and exit codes from machine to machine.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInterpreter } from './python.mjs';
import { SetUpError, say } from './say.mjs';
import { readStamp, stampOf } from './stamp.mjs';
import { outputOf, runQuietly } from './system.mjs';

/** AWS: these versions of the AWS CLI, boto3, redis-py and the SAM CLI need at least this Python. */
const OLDEST_PYTHON = [3, 10];

export const pythonClients = environment('the AWS CLI, boto3 and redis-py', 'python', 'python-clients.txt');
export const samCli = environment('the SAM CLI', 'sam', 'sam-cli.txt');

/** A test client: the packages of the file `requirements`, in `.toolchain/test-clients/FOLDER`. */
function environment(name, folder, requirements) {
  const list = fileURLToPath(new URL(requirements, import.meta.url));
  const homeIn = (root) => join(root, '.toolchain', 'test-clients', folder);
  const stampIn = (home) => join(home, '.made-from');
  // A virtual environment contains its own path: a copy of a clone creates its own.
  const wantedAt = (home) => stampOf(readFileSync(list, 'utf8'), home);
  return {
    name,
    isThere(root) {
      const home = homeIn(root);
      // Its python3 is a link, which is broken when that Python was removed.
      return existsSync(join(home, 'bin', 'python3')) && readStamp(stampIn(home)) === wantedAt(home);
    },
    bring(root) {
      const home = homeIn(root);
      const interpreter = ensureInterpreter();
      if (!interpreter) throw new SetUpError('there is no Python 3 with venv and pip.');
      assertNewEnough(interpreter);
      say(`installing ${name} for the tests into .toolchain…`);
      rmSync(home, { recursive: true, force: true });
      const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];
      const made =
        runQuietly(interpreter, ['-m', 'venv', home]) &&
        // Installs only packages in the list, and builds none.
        runQuietly(join(home, 'bin', 'python3'), [
          ...install,
          ...['--no-deps', '--only-binary', ':all:', '--requirement', list],
        ]);
      if (!made) throw new SetUpError(`pip could not install ${name} (above).`);
      writeFileSync(stampIn(home), wantedAt(home));
    },
  };
}

function assertNewEnough(interpreter) {
  const printed = outputOf(interpreter, '-c', 'import sys; print(*sys.version_info[:2])') ?? '';
  const [major, minor] = printed.trim().split(' ').map(Number);
  if (major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1])) return;
  throw new SetUpError(
    `they need Python ${OLDEST_PYTHON.join('.')}, and ${interpreter} is ${major}.${minor}.`,
  );
}
