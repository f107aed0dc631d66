// Windows, retention and the other settings that are kept and shown: their defaults and their rules.

import { derivedHex } from '../../../kernel/ids.ts';
import { invalidParameterValue } from '../faults.ts';
import type { Engine, RecordedSettings } from './model.ts';
import { checkWhole } from './whole-number.ts';

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

/** AWS: a window of 60 minutes on a day and an hour that nobody chose; here they follow from the group's name. */
export function settingsOf(request: SettingsRequest, engine: Engine, seed: string): RecordedSettings {
  checkSettings(request);
  const random = Number.parseInt(derivedHex(8, 'windows', seed), 16);
  const hour = String(random % 8).padStart(2, '0');
  const next = String((random % 8) + 1).padStart(2, '0');
  const day = DAYS[(random >>> 8) % DAYS.length]!;
  return {
    autoMinorVersionUpgrade: request.AutoMinorVersionUpgrade ?? true,
    preferredMaintenanceWindow:
      request.PreferredMaintenanceWindow?.toLowerCase() ?? `${day}:${hour}:00-${day}:${next}:00`,
    snapshotWindow: request.SnapshotWindow ?? `${next}:30-${String((random % 8) + 2).padStart(2, '0')}:30`,
    snapshotRetentionLimit: request.SnapshotRetentionLimit ?? 0,
    // AWS: encrypted unless told otherwise on Valkey.
    atRestEncryption: request.AtRestEncryptionEnabled ?? engine === 'valkey',
    networkType: request.NetworkType ?? 'ipv4',
    ipDiscovery: request.IpDiscovery ?? 'ipv4',
    logDeliveryConfigurations: [],
    ...(request.KmsKeyId && { kmsKeyId: request.KmsKeyId }),
  };
}

/** Changes what the request names. */
export function changeSettings(settings: RecordedSettings, request: SettingsRequest): void {
  checkSettings(request);
  if (request.AutoMinorVersionUpgrade !== undefined)
    settings.autoMinorVersionUpgrade = request.AutoMinorVersionUpgrade;
  if (request.PreferredMaintenanceWindow)
    settings.preferredMaintenanceWindow = request.PreferredMaintenanceWindow.toLowerCase();
  if (request.SnapshotWindow) settings.snapshotWindow = request.SnapshotWindow;
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
  checkWhole('SnapshotRetentionLimit', SnapshotRetentionLimit, 0, 35);
  if (NetworkType !== undefined && NetworkType !== 'ipv4') {
    throw invalidParameterValue('Millpond networks are IPv4; NetworkType must be ipv4.');
  }
  if (IpDiscovery !== undefined && IpDiscovery !== 'ipv4') {
    throw invalidParameterValue('Millpond networks are IPv4; IpDiscovery must be ipv4.');
  }
}

/** Whether `at` (milliseconds since the epoch) lies in a valid maintenance window. */
export function isInWindow(at: number, window: string): boolean {
  const { from, length } = weekMinutes(window);
  const date = new Date(at);
  const minute = (date.getUTCDay() * 24 + date.getUTCHours()) * 60 + date.getUTCMinutes();
  return (minute - from + MINUTES_A_WEEK) % MINUTES_A_WEEK < length;
}

/** Where in the week, in minutes since Sunday 00:00 UTC, a window begins, and its length; NaN when it is none. */
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

function checkSnapshotWindow(text: string): void {
  const match = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(text);
  const [from, to] = match
    ? [Number(match[1]) * 60 + Number(match[2]), Number(match[3]) * 60 + Number(match[4])]
    : [Number.NaN, Number.NaN];
  const length = (to - from + MINUTES_A_DAY) % MINUTES_A_DAY;
  if (!(length >= 60) || from >= MINUTES_A_DAY || to >= MINUTES_A_DAY) {
    throw invalidParameterValue(
      `Invalid snapshot window: ${text}. It is hh24:mi-hh24:mi (UTC), at least 60 minutes.`,
    );
  }
}
