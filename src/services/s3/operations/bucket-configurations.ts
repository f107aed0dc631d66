// The operations on configurations with ids, of which a bucket can have many. Each operation works on one row of
// settings/configurations.ts, which also names the errors.

import type { Operation } from '../sdk.ts';
import {
  deleteConfiguration,
  getConfiguration,
  listConfigurations,
  putConfiguration,
} from '../settings/configurations.ts';

export const PutBucketAnalyticsConfiguration: Operation<'PutBucketAnalyticsConfiguration'> = (s3, input) =>
  putConfiguration(s3, 'AnalyticsConfiguration', input);

export const GetBucketAnalyticsConfiguration: Operation<'GetBucketAnalyticsConfiguration'> = (s3, input) =>
  getConfiguration(s3, 'AnalyticsConfiguration', input);

export const DeleteBucketAnalyticsConfiguration: Operation<'DeleteBucketAnalyticsConfiguration'> = (
  s3,
  input,
) => deleteConfiguration(s3, 'AnalyticsConfiguration', input);

export const ListBucketAnalyticsConfigurations: Operation<'ListBucketAnalyticsConfigurations'> = (
  s3,
  input,
) => listConfigurations(s3, 'AnalyticsConfiguration', input);

export const PutBucketIntelligentTieringConfiguration: Operation<
  'PutBucketIntelligentTieringConfiguration'
> = (s3, input) => putConfiguration(s3, 'IntelligentTieringConfiguration', input);

export const GetBucketIntelligentTieringConfiguration: Operation<
  'GetBucketIntelligentTieringConfiguration'
> = (s3, input) => getConfiguration(s3, 'IntelligentTieringConfiguration', input);

export const DeleteBucketIntelligentTieringConfiguration: Operation<
  'DeleteBucketIntelligentTieringConfiguration'
> = (s3, input) => deleteConfiguration(s3, 'IntelligentTieringConfiguration', input);

export const ListBucketIntelligentTieringConfigurations: Operation<
  'ListBucketIntelligentTieringConfigurations'
> = (s3, input) => listConfigurations(s3, 'IntelligentTieringConfiguration', input);

export const PutBucketInventoryConfiguration: Operation<'PutBucketInventoryConfiguration'> = (s3, input) =>
  putConfiguration(s3, 'InventoryConfiguration', input);

export const GetBucketInventoryConfiguration: Operation<'GetBucketInventoryConfiguration'> = (s3, input) =>
  getConfiguration(s3, 'InventoryConfiguration', input);

export const DeleteBucketInventoryConfiguration: Operation<'DeleteBucketInventoryConfiguration'> = (
  s3,
  input,
) => deleteConfiguration(s3, 'InventoryConfiguration', input);

export const ListBucketInventoryConfigurations: Operation<'ListBucketInventoryConfigurations'> = (
  s3,
  input,
) => listConfigurations(s3, 'InventoryConfiguration', input);

export const PutBucketMetricsConfiguration: Operation<'PutBucketMetricsConfiguration'> = (s3, input) =>
  putConfiguration(s3, 'MetricsConfiguration', input);

export const GetBucketMetricsConfiguration: Operation<'GetBucketMetricsConfiguration'> = (s3, input) =>
  getConfiguration(s3, 'MetricsConfiguration', input);

export const DeleteBucketMetricsConfiguration: Operation<'DeleteBucketMetricsConfiguration'> = (s3, input) =>
  deleteConfiguration(s3, 'MetricsConfiguration', input);

export const ListBucketMetricsConfigurations: Operation<'ListBucketMetricsConfigurations'> = (s3, input) =>
  listConfigurations(s3, 'MetricsConfiguration', input);
