// EC2 as the manifest runs it: its operations, and the work besides them.

import { join } from 'node:path';
import type { ZoneTable } from '../../dns/zone.ts';
import type { Log } from '../../kernel/log.ts';
import type { Part } from '../manifest.ts';
import { namesOfInstances, publishNames, reachedInstances } from './machines/names.ts';
import { answerInstances } from './machines/routes.ts';
import { isInstancesRequest } from './machines/routes-path.ts';
import { sshFiles } from './machines/ssh-files.ts';
import type { Records } from './records.ts';
import { createEc2, type Ec2Dependencies } from './service.ts';

/** What EC2 needs as a part. */
export interface PartDependencies extends Ec2Dependencies {
  machines: NonNullable<Ec2Dependencies['machines']>;
  zones: ZoneTable;
  dataDir: string;
  log: Log;
}

/** Finds the instances that run. Starts none before `begin`. */
export async function openPart({ zones, dataDir, log, ...dependencies }: PartDependencies): Promise<Part> {
  const files = sshFiles(join(dataDir, 'ssh'));
  const service = createEc2({
    ...dependencies,
    machines: { ...dependencies.machines, changed: () => writeFiles() },
  });
  const { ec2, metadata, networkRules, records } = service;
  const { controller } = service.machines!;

  function writeFiles(): void {
    try {
      files.write(reachedInstances(ec2));
    } catch (error) {
      log.warn({ err: error }, 'the configuration of ssh could not be written');
    }
  }

  await controller.adopt();
  const withdrawNames = publishNames(ec2, zones);
  return {
    ...{ service, networkRules },
    ...(metadata && { serveMetadata: metadata.serve }),
    async begin() {
      const isAny = records.instances.byAnywhere('alive', 'yes').some(({ value }) => value.machine);
      if (isAny) {
        // Instances that run already ask at once.
        await metadata?.variables();
        writeFiles();
      }
      controller.begin();
    },
    async stop() {
      withdrawNames();
      await metadata?.stop();
      await controller.stop();
    },
    endPrograms: () => controller.endAll(),
    take(request, response) {
      if (!isInstancesRequest(request)) return false;
      answerInstances({ ec2, controller, knownHosts: files.knownHosts }, request, response);
      return true;
    },
    names: () => namesOfInstances(ec2),
    notices: () => noticesOf(records, service.machines!.whyNot),
  };
}

/** Said when instances are shown as running, and nothing runs. */
function noticesOf({ instances }: Records, whyNot: string | undefined): string[] {
  if (whyNot === undefined) return [];
  const isAny = instances.byAnywhere('alive', 'yes').some(({ value }) => value.state === 'running');
  return isAny ? [`EC2 instances are records only: ${whyNot}`] : [];
}
