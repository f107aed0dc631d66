// dns2's codec by itself. The package's entry also loads its clients and servers for DNS over HTTPS, and with them
// Node's HTTPS and HTTP/2: a tenth of the time in which Millpond has to be ready. What is done with packets is
// message.ts's.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
// The one path that the package lets others resolve besides its entry.
const directory = dirname(require.resolve('dns2/package.json'));

export type Packet = import('dns2').Packet;
export const Packet = require(join(directory, 'packet.js')) as typeof import('dns2').Packet;
