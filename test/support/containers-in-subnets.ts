// A process that runs containers in a network of subnets as its user, for a test of what they have there. Prints a line of
// JSON. Argument: an empty directory.

import { silentLog } from '../../src/kernel/log.ts';
import {
  imageOf,
  keepAlive,
  runShell,
  shellLayer,
  specOf,
} from '../../src/machines/containers/containers.fixture.ts';
import { containerPids, openContainers } from '../../src/machines/containers/own-containers.ts';
import { openNetwork } from '../../src/network/open-network.ts';

const dataDir = process.argv[2]!;
const directory = `${dataDir}/containers`;
const release = keepAlive();
process.umask(0o077);
const options = {
  ...{ dataDir, kind: 'subnets' as const, log: silentLog },
  processes: () => containerPids(directory),
  nodeAddresses: () => new Set<string>(),
  hostApi: () => ({ address: '127.0.0.1', port: 4566 }),
};
const network = await openNetwork(options);
const containers = await openContainers({ directory, log: silentLog, enterNetwork: network.inside });
const image = await containers.prepare(imageOf([shellLayer()]));
await network.enforcement?.begin(undefined);
const subnet = { id: 'subnet-1', cidr: '10.0.1.0/24', vpcId: 'vpc-1', vpcCidr: '10.0.0.0/16' };
const opened = await network.interfaces!.open({ subnet, securityGroupIds: [], isOperator: false });
await opened.ready;
const seen = await runShell(
  containers,
  image,
  'cat /proc/net/fib_trie; cat /proc/sys/net/ipv4/ip_unprivileged_port_start',
  { interface: opened },
);
const lasting = await containers.start(specOf(image, { command: ['sleep', '1000'], interface: opened }));
const code = await lasting.run(['sh', '-c', 'exit 5'], 60_000);
await opened.close();
await network.release('running');

// The next Millpond.
const next = await openNetwork(options);
const again = await openContainers({ directory, log: silentLog, enterNetwork: next.inside });
const [found] = await again.find();
const codeAgain = await found!.run(['sh', '-c', 'exit 6'], 60_000);
found!.signal('SIGKILL');
const { exitCode } = await found!.ended;
await found!.remove();
await next.release('stopped');
release();
process.stdout.write(
  `${JSON.stringify({
    hasAddress: seen.lines.some((line) => line.includes(opened.address)),
    freePorts: seen.lines.at(-1),
    ...{ code, codeAgain, exitCode },
  })}\n`,
);
