// Pages of SNS's lists: a hundred at a time.

import { type Pages, pagesOf } from '../../aws/pages.ts';
import { invalidParameter } from './faults.ts';

const invalidToken = () => invalidParameter('NextToken');

export const topicPages: Pages = pagesOf({ list: 'sns topics', invalidToken });
export const subscriptionPages: Pages = pagesOf({ list: 'sns subscriptions', invalidToken });

export const pageRequest = ({ NextToken }: { NextToken?: string | undefined }) => ({
  limit: 100,
  token: NextToken,
});
