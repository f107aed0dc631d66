// Maintenance window, snapshot window, retention and the other settings that are only stored and shown: defaults and
// validation.

import { derivedHex } from '../../../../kernel/ids.ts';
import { windowsOverlap } from '../../faults/clusters.ts';
import { invalidParameterValue } from '../../faults/requests.ts';
import type { Engine, RecordedSettings } from './model.ts';

/** The members of create and modify requests that are recorded, as the SDK spells them. */
export interface SettingsRequest {
  AutoMinorVersionUpgrade?: boolean | undefined;
  PreferredMaintenanceWindow?: string | undefined;
  SnapshotWindow?: string | undefined;
  SnapshotRetentionLimit?: number | undefined;
  SnapshottingClusterId?: string | undefined;
  AtRestEncryptionEnabled?: boolean | undefined;
  KmsKeyId?: string | undefined;
  NetworkType?: string | undefined;
  IpDiscovery?: string | undefined;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MINUTES_A_DAY = 24 * 60;
const MINUTES_A_WEEK = 7 * MINUTES_A_DAY;
const MAX_RETENTION_DAYS = 35;

/**
 * The settings of a new group. AWS: chooses a window of 60 minutes at random; here it follows from `seed`. Throws
 * InvalidParameterValue.
 */
export function settingsOf(request: SettingsRequest, engine: Engine, seed: string): RecordedSettings {
  checkSettings(request);
  return {
    autoMinorVersionUpgrade: request.AutoMinorVersionUpgrade ?? true,
    ...windowsOf(request, seed),
    snapshotRetentionLimit: request.SnapshotRetentionLimit ?? 0,
    // AWS: on Valkey the default is encrypted.
    atRestEncryption: request.AtRestEncryptionEnabled ?? engine === 'valkey',
    networkType: request.NetworkType ?? 'ipv4',
    ipDiscovery: request.IpDiscovery ?? 'ipv4',
    logDeliveryConfigurations: [],
    ...(request.KmsKeyId && { kmsKeyId: request.KmsKeyId }),
  };
}

/** A window that the request omits does not overlap with the one that it gives. */
function windowsOf(
  request: SettingsRequest,
  seed: string,
): Pick<RecordedSettings, 'preferredMaintenanceWindow' | 'snapshotWindow'> {
  const random = Number.parseInt(derivedHex(8, 'windows', seed), 16);
  const day = DAYS[(random >>> 8) % DAYS.length]!;
  const maintenance = request.PreferredMaintenanceWindow?.toLowerCase();
  const atHour = (hour: number) => ({
    preferredMaintenanceWindow: maintenance ?? `${day}:${clock(hour, 0)}-${day}:${clock(hour + 1, 0)}`,
    snapshotWindow: request.SnapshotWindow ?? `${clock(hour + 1, 30)}-${clock(hour + 2, 30)}`,
  });
  const choices = Array.from({ length: 24 }, (_, index) =>
    atHour(((random + index) % 8) + 8 * Math.floor(index / 8)),
  );
  const chosen = choices.find((windows) => !overlap(windows)) ?? choices[0]!;
  if (overlap(chosen)) throw windowsOverlap();
  return chosen;
}

const clock = (hour: number, minute: number): string =>
  `${String(hour % 24).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;

/** Changes the settings that the request names. Throws InvalidParameterValue. */
export function changeSettings(settings: RecordedSettings, request: SettingsRequest): void {
  checkSettings(request);
  if (request.AutoMinorVersionUpgrade !== undefined)
    settings.autoMinorVersionUpgrade = request.AutoMinorVersionUpgrade;
  if (request.PreferredMaintenanceWindow)
    settings.preferredMaintenanceWindow = request.PreferredMaintenanceWindow.toLowerCase();
  if (request.SnapshotWindow) settings.snapshotWindow = request.SnapshotWindow;
  if ((request.PreferredMaintenanceWindow || request.SnapshotWindow) && overlap(settings))
    throw windowsOverlap();
  if (request.SnapshotRetentionLimit !== undefined)
    settings.snapshotRetentionLimit = request.SnapshotRetentionLimit;
  if (request.SnapshottingClusterId)
    settings.snapshottingClusterId = request.SnapshottingClusterId.toLowerCase();
  if (request.IpDiscovery) settings.ipDiscovery = request.IpDiscovery;
}

function checkSettings(request: SettingsRequest): void {
  const { PreferredMaintenanceWindow, SnapshotWindow, SnapshotRetentionLimit, NetworkType, IpDiscovery } =
    request;
  if (PreferredMaintenanceWindow !== undefined) checkMaintenanceWindow(PreferredMaintenanceWindow);
  if (SnapshotWindow !== undefined) checkSnapshotWindow(SnapshotWindow);
  if (SnapshotRetentionLimit !== undefined && !isRetention(SnapshotRetentionLimit)) {
    throw invalidParameterValue(
      `Invalid snapshot retention limit: ${SnapshotRetentionLimit}. Retention limit must be between 0 and ${MAX_RETENTION_DAYS}.`,
    );
  }
  if (NetworkType !== undefined && NetworkType !== 'ipv4') {
    throw invalidParameterValue('Millpond networks are IPv4; NetworkType must be ipv4.');
  }
  if (IpDiscovery !== undefined && IpDiscovery !== 'ipv4') {
    throw invalidParameterValue('Millpond networks are IPv4; IpDiscovery must be ipv4.');
  }
}

const isRetention = (days: number): boolean =>
  Number.isInteger(days) && days >= 0 && days <= MAX_RETENTION_DAYS;

/** Whether `at` (milliseconds since the epoch) lies in a valid maintenance window. */
export function isInWindow(at: number, window: string): boolean {
  const { from, length } = weekMinutes(window);
  const date = new Date(at);
  const minute = (date.getUTCDay() * 24 + date.getUTCHours()) * 60 + date.getUTCMinutes();
  return (minute - from + MINUTES_A_WEEK) % MINUTES_A_WEEK < length;
}

/** The start of a window in minutes since Sunday 00:00 UTC, and its length; NaN for an invalid window. */
function weekMinutes(window: string): { from: number; length: number } {
  const match = /^(\w{3}):(\d\d):(\d\d)-(\w{3}):(\d\d):(\d\d)$/.exec(window.toLowerCase());
  const minute = (day: string | undefined, hour: string | undefined, min: string | undefined) => {
    const index = DAYS.indexOf(day ?? '');
    if (index < 0 || Number(hour) > 23 || Number(min) > 59) return Number.NaN;
    return index * MINUTES_A_DAY + Number(hour) * 60 + Number(min);
  };
  const from = minute(match?.[1], match?.[2], match?.[3]);
  const to = minute(match?.[4], match?.[5], match?.[6]);
  return { from, length: (to - from + MINUTES_A_WEEK) % MINUTES_A_WEEK };
}

function checkMaintenanceWindow(text: string): void {
  if (!(weekMinutes(text).length >= 60)) {
    throw invalidParameterValue(
      `Invalid maintenance window: ${text}. It is ddd:hh24:mi-ddd:hh24:mi (UTC), at least 60 minutes.`,
    );
  }
}

/** The start of a snapshot window in minutes since 00:00 UTC, and its length; NaN for an invalid window. */
function dayMinutes(window: string): { from: number; length: number } {
  const match = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(window);
  const from = Number(match?.[1]) * 60 + Number(match?.[2]);
  const to = Number(match?.[3]) * 60 + Number(match?.[4]);
  return { from, length: (to - from + MINUTES_A_DAY) % MINUTES_A_DAY };
}

/** Whether the daily snapshot window overlaps with the weekly maintenance window. */
function overlap({
  preferredMaintenanceWindow,
  snapshotWindow,
}: Pick<RecordedSettings, 'preferredMaintenanceWindow' | 'snapshotWindow'>): boolean {
  const maintenance = weekMinutes(preferredMaintenanceWindow);
  const snapshot = dayMinutes(snapshotWindow);
  const behind = (snapshot.from - maintenance.from + MINUTES_A_WEEK) % MINUTES_A_DAY;
  return behind < maintenance.length || behind + snapshot.length > MINUTES_A_DAY;
}

function checkSnapshotWindow(text: string): void {
  if (!(dayMinutes(text).length >= 60)) {
    throw invalidParameterValue(
      `Invalid snapshot window: ${text}. It is hh24:mi-hh24:mi (UTC), at least 60 minutes.`,
    );
  }
}
