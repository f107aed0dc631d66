// For tests: a process that starts a container as Millpond does, says so, and waits to be killed. Arguments: the
// directory, the id, the digest of a prepared image, the command.

import { silentLog } from '../../kernel/log.ts';
import { specOf } from './containers.fixture.ts';
import { openContainers } from './own-containers.ts';

const [directory, id, digest, ...command] = process.argv.slice(2);
setInterval(() => {}, 60_000);
const containers = await openContainers({ directory: directory!, log: silentLog });
const defaults = {
  ...{ entryPoint: [], command: [], environment: {}, user: '', workingDirectory: '', stopSignal: 'SIGTERM' },
};
process.stdout.write('open\n');
await containers.start(specOf({ digest: digest!, defaults }, { id: id!, command, labels: { of: 'a test' } }));
process.stdout.write('started\n');
