// Which requests are for the routes of instances. Known before EC2 is built.

import type { IncomingMessage } from 'node:http';

export const isInstancesRequest = ({ url = '/' }: Pick<IncomingMessage, 'url'>): boolean =>
  /^\/_millpond\/instances(?:[/?]|$)/.test(url);
