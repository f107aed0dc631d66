// The HTTP features of SNS that its protocol does not describe.

import type { HttpDialect } from '../../wire/http-dialect.ts';

/** AWS: messages contain links to these operations. The token or the subscription's id in a link is the permission. */
export const dialect: HttpDialect = { links: new Set(['ConfirmSubscription', 'Unsubscribe']) };
