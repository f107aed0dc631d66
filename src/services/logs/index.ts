import { manifest } from '../manifest.ts';
import type { Logs } from './service.ts';

export const logs = manifest<Logs>()({
  name: 'logs',
  calls: {},
  async build({ store, clock }) {
    const { createLogs } = await import('./service.ts');
    return { service: createLogs({ store, clock }) };
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).logsResourceTypes(client),
});
