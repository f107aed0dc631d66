// Load balancers in the network of subnets: they have addresses of subnets there, and their targets see those.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { it } from 'node:test';
import { WITHOUT_SUBNETS } from '../../test/support/networks.ts';
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

it('has its address in a subnet, at port 80, and connects to targets from it', {
  skip: WITHOUT_SUBNETS,
}, async (t) => {
  const { openNetwork } = await import('../network/open-network.ts');
  const dataDir = mkdtempSync(join(tmpdir(), 'millpond-balancers-'));
  const network = await openNetwork({
    ...{ dataDir, kind: 'subnets', log: silentLog, processes: async () => [] },
    ...{ nodeAddresses: () => new Set(), hostApi: () => ({ address: '127.0.0.1', port: 4566 }) },
  });
  const balancers = openLoadBalancers({
    ...{ network, log: silentLog, certificate: () => ({ key: '', certificates: '' }) },
  });
  const run = (script: string, argument: string) => {
    const [program, ...args] = network.inside([process.execPath, '-e', script, argument]);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill());
    return once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  };
  t.after(async () => {
    await balancers.stop();
    await network.release('stopped');
    rmSync(dataDir, { recursive: true });
  });
  await run(SERVE, TARGET);
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
  assert.deepEqual(failures, []);
  await isHealthy.promise;
  assert.deepEqual(await run(ASK, `http://${OWN}/function`), ['from the function']);
  assert.deepEqual(await run(ASK, `http://${OWN}/address`), [OWN]);
});
