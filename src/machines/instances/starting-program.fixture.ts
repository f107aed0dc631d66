// For tests: a process that boots an instance as Millpond does, says so, and waits to be killed. Arguments: the
// directory, the id.

import { silentLog } from '../../kernel/log.ts';
import { instanceSpec } from './instances.fixture.ts';
import { openInstances } from './own-instances.ts';

const [directory, id] = process.argv.slice(2);
setInterval(() => {}, 60_000);
const instances = await openInstances({ directory: directory!, hidden: [], log: silentLog });
process.stdout.write('open\n');
const userData = Buffer.from('#!/bin/sh\necho ran >>/root/runs\n');
await instances.start(instanceSpec({ id: id!, userData, labels: { of: 'a test' } }));
process.stdout.write('started\n');
