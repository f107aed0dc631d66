// S3 behind a wire server with its own directory, and clients for it.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import type { S3 } from '../../src/services/s3/context.ts';
import { createS3 } from '../../src/services/s3/service.ts';
import { openStorage } from '../../src/services/s3/storage.ts';
import { openStore } from '../../src/store/store.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';

/** A running S3 with its directory and clients. */
export interface TestS3 {
  readonly server: WireServer;
  /** The directory with blobs/ and incoming/. */
  readonly directory: string;
  client(config?: S3ClientConfig): S3Client;
  /** The paths of all content files, complete and partial. */
  files(): { blobs: string[]; incoming: string[] };
  /** The store of the service, for tests that fill it. */
  readonly storage: S3;
  /** Stops it and starts another one on the same state. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestS3(): Promise<TestS3> {
  const root = mkdtempSync(join(tmpdir(), 'millpond-s3-'));
  const directory = join(root, 's3');
  const clients: S3Client[] = [];
  let running = await start();

  async function start() {
    const store = openStore(join(root, 'state.sqlite'));
    const s3 = createS3({ store, clock: systemClock, log: silentLog, directory });
    await s3.start();
    const server = await startWireServer({
      services: [s3.service],
      port: 0,
      defaultRegion: 'us-east-1',
      log: silentLog,
    });
    const storage = openStorage({ store, clock: systemClock, log: silentLog, directory });
    return { store, s3, server, storage };
  }

  async function end() {
    await running.server.stop();
    await running.s3.stop();
    running.store.close();
  }

  const namesIn = (folder: string) =>
    readdirSync(join(directory, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);

  return {
    get server() {
      return running.server;
    },
    get storage() {
      return running.storage;
    },
    directory,
    client(config = {}) {
      const client = new S3Client({
        endpoint: running.server.url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        ...config,
      });
      clients.push(client);
      return client;
    },
    files: () => ({ blobs: namesIn('blobs'), incoming: namesIn('incoming') }),
    async restart() {
      await end();
      running = await start();
    },
    async stop() {
      for (const client of clients) client.destroy();
      await end();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
