// Pages of SNS's lists. AWS: a page has a hundred items.

import { type Pages, pagesOf } from '../../aws/pages.ts';
import { invalidParameter } from './faults.ts';

const invalidToken = () => invalidParameter('NextToken');

/** Pages of ListTopics. */
export const topicPages: Pages = pagesOf({ list: 'sns topics', invalidToken });
/** Pages of ListSubscriptions and ListSubscriptionsByTopic. */
export const subscriptionPages: Pages = pagesOf({ list: 'sns subscriptions', invalidToken });

/** A list request as the paging module takes it. */
export const pageRequest = ({ NextToken }: { NextToken?: string | undefined }) => ({
  limit: 100,
  token: NextToken,
});
