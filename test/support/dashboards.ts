// Dashboards for tests in a browser: metrics, events and widgets to draw, and a page with what went wrong on it.

import { CloudWatchClient, PutDashboardCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Page } from 'playwright-core';

/** Clients that fill a Millpond with what dashboards show. */
export interface Dashboards {
  cloudwatch: CloudWatchClient;
  logs: CloudWatchLogsClient;
  put(name: string, body: object): Promise<void>;
  /** Values of a metric, one a minute, the last one now. */
  values(namespace: string, name: string, host: string, values: readonly number[]): Promise<void>;
  /** Events of a new group, five seconds apart, the last one now. */
  events(group: string, messages: readonly object[]): Promise<void>;
  stop(): void;
}

export function dashboardsOn(url: string): Dashboards {
  const options = {
    ...{ endpoint: url, region: 'us-east-1' },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const cloudwatch = new CloudWatchClient(options);
  const logs = new CloudWatchLogsClient(options);
  return {
    ...{ cloudwatch, logs },
    async put(DashboardName, body) {
      const DashboardBody = JSON.stringify(body);
      await cloudwatch.send(new PutDashboardCommand({ DashboardName, DashboardBody }));
    },
    async values(Namespace, MetricName, host, values) {
      const now = Date.now();
      const MetricData = values.map((Value, index) => ({
        ...{ MetricName, Value, Dimensions: [{ Name: 'Host', Value: host }] },
        Timestamp: new Date(now - (values.length - 1 - index) * 60_000),
      }));
      await cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
    },
    async events(logGroupName, messages) {
      const now = Date.now();
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
      const logEvents = messages.map((message, index) => ({
        timestamp: now - (messages.length - 1 - index) * 5_000,
        message: JSON.stringify(message),
      }));
      await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }));
    },
    stop() {
      cloudwatch.destroy();
      logs.destroy();
    },
  };
}

type Place = [x: number, y: number, width: number, height: number];

export const metricWidget = ([x, y, width, height]: Place, properties: object) => ({
  ...{ type: 'metric', x, y, width, height },
  properties: { region: 'us-east-1', period: 60, ...properties },
});

export const logWidget = ([x, y, width, height]: Place, properties: object) => ({
  ...{ type: 'log', x, y, width, height },
  properties: { region: 'us-east-1', ...properties },
});

/** What went wrong on a page: errors, violations of its policy, and requests to any other origin. */
export function troubleOn(page: Page, origin: string): string[] {
  const trouble: string[] = [];
  page.on('pageerror', ({ message }) => trouble.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') trouble.push(message.text());
  });
  page.on('dialog', (dialog) => {
    trouble.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(`${origin}/`) && !address.startsWith('data:')) trouble.push(`request ${address}`);
  });
  return trouble;
}

/** Opens the address, and waits until all widgets have their data. */
export async function openDashboard(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await isRead(page);
}

/** Waits until the page has read everything. */
export async function isRead(page: Page): Promise<void> {
  await page.locator('.read-at', { hasText: 'Read at' }).waitFor();
  await page.locator('.turning').waitFor({ state: 'detached' });
}

/** The widget with this title. */
export const widgetOf = (page: Page, title: string) =>
  page.locator('.widget', { has: page.getByRole('heading', { name: title, exact: true }) });
