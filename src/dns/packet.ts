// Loads only dns2's codec. The package's entry also loads its DNS-over-HTTPS clients and servers, and with them Node's
// HTTPS and HTTP/2, which would take a tenth of Millpond's start time. message.ts uses the codec.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
// The only path besides its entry that the package exports.
const directory = dirname(require.resolve('dns2/package.json'));

/** The type and class of dns2's packets. */
export type Packet = import('dns2').Packet;
/** dns2's packet class, loaded without the rest of the package. */
export const Packet = require(join(directory, 'packet.js')) as typeof import('dns2').Packet;
