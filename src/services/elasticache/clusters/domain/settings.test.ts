import assert from 'node:assert/strict';
import { it } from 'node:test';
import { settingsOf } from './settings.ts';

it('the default windows of every group are valid in a request', () => {
  for (let number = 0; number < 500; number++) {
    const { preferredMaintenanceWindow, snapshotWindow } = settingsOf({}, 'redis', `group-${number}`);
    const again = { PreferredMaintenanceWindow: preferredMaintenanceWindow, SnapshotWindow: snapshotWindow };
    assert.deepEqual(
      [
        settingsOf(again, 'redis', 'x').preferredMaintenanceWindow,
        settingsOf(again, 'redis', 'x').snapshotWindow,
      ],
      [preferredMaintenanceWindow, snapshotWindow],
    );
  }
});
