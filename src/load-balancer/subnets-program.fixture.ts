// A load balancer in the network of subnets, and what its clients and its target see: prints it as JSON. A program of its
// own, so that it can run as another user: `subnets-program.fixture.ts DIRECTORY`.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { silentLog } from '../kernel/log.ts';
import {
  addressGroup,
  answering,
  BALANCER,
  balancer,
  GROUP,
  lambdaGroup,
  listener,
  rule,
} from './load-balancer.fixture.ts';
import { openLoadBalancers } from './load-balancer-process.ts';

const OWN = '10.0.3.4';
const TARGET = '10.0.3.9';

/** A target that answers with the address of its client. */
const SERVE = `require('node:http')
  .createServer((request, response) => response.end(request.socket.remoteAddress))
  .listen(8080, process.argv[1], () => console.log('ready'))`;
/** Prints what the balancer answers. */
const ASK = `fetch(process.argv[1]).then((answer) => answer.text()).then((text) => console.log(text))`;

// Behind a wall for this folder, not for its tests.
const { openNetwork } = await import('../network/open-network.ts');
const network = await openNetwork({
  ...{ dataDir: process.argv[2]!, kind: 'subnets', log: silentLog, processes: async () => [] },
  ...{ nodeAddresses: () => new Set(), hostApi: () => ({ address: '127.0.0.1', port: 4566 }) },
});
const balancers = openLoadBalancers({
  ...{ network, log: silentLog, certificate: () => ({ key: '', certificates: '' }) },
});
const run = (script: string, argument: string) => {
  const [program, ...args] = network.inside([process.execPath, '-e', script, argument]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  return { child, line: line.then(([text]) => text) };
};
const target = run(SERVE, TARGET);
await target.line;
const isHealthy = Promise.withResolvers<void>();
balancers.connect({
  invoke: async () => answering({ statusCode: 200, body: 'from the function' }),
  counted() {},
  healthChanged(arn) {
    if (balancers.health(arn).get(`${TARGET}:8080`)?.state === 'healthy') isHealthy.resolve();
  },
});
const functions = { ...lambdaGroup(), arn: 'functions' };
const addresses = { ...addressGroup([]), targets: [{ address: TARGET, port: 8080, isDraining: false }] };
const rules = [
  rule([{ field: 'path', patterns: ['/function'] }], { does: 'forward', targetGroupArn: 'functions' }),
  rule([], { does: 'forward', targetGroupArn: GROUP }),
];
const failures = await balancers.set({
  ...balancer(80, functions),
  ...{ arn: BALANCER, addresses: [{ address: OWN, zone: 'us-east-1a' }], listeners: [listener(80, rules)] },
  targetGroups: [functions, addresses],
});
await isHealthy.promise;
const seen = {
  failures,
  function: await run(ASK, `http://${OWN}/function`).line,
  address: await run(ASK, `http://${OWN}/address`).line,
};
target.child.kill();
await balancers.stop();
await network.release('stopped');
console.log(JSON.stringify(seen));
process.exit();
