// How SNS is spoken to over HTTP, besides its protocol.

import type { HttpDialect } from '../../wire/http-dialect.ts';

/** AWS: messages contain links to these. The token or the subscription's id in them is a secret, and permission enough. */
export const dialect: HttpDialect = { links: new Set(['ConfirmSubscription', 'Unsubscribe']) };
