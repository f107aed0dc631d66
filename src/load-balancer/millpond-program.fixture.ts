// A process with a load balancer, in place of Millpond: `millpond-program.fixture.ts PORT`. It writes what `set` resolves
// to, and stays until it is killed.

import { silentLog } from '../kernel/log.ts';
import { answering, balancer, lambdaGroup, listener } from './load-balancer.fixture.ts';
import { openLoadBalancers } from './load-balancer-process.ts';

const port = Number(process.argv[2]);
const balancers = openLoadBalancers({
  network: { kind: 'loopback', inside: (command) => [...command] },
  certificate: () => ({ key: '', certificates: '' }),
  log: silentLog,
});
balancers.connect({
  invoke: async () => answering({ statusCode: 200 }),
  counted() {},
  healthChanged() {},
});
const failures = await balancers.set({ ...balancer(port, lambdaGroup()), listeners: [listener(port)] });
console.log(JSON.stringify(failures));
setInterval(() => {}, 1_000_000);
