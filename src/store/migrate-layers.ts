// A step of migrations.ts: adds the hash and size of the code to the layers of functions, which had only ARNs before.

import type { DatabaseSync } from 'node:sqlite';

interface Code {
  codeHash: string;
  codeBytes: number;
}

interface OldVersion {
  layers: unknown[];
}

/** Leaves out a layer that no longer exists; such a layer was not loaded before either. */
export function nameLayersWithCode(database: DatabaseSync): void {
  const read = database.prepare('SELECT account, region, id, value FROM documents WHERE kind = ?');
  const codes = new Map<string, Code>();
  for (const { account, region, id, value } of read.all('lambda/layer')) {
    const { versions } = JSON.parse(String(value)) as { versions: Record<string, Code> };
    for (const [version, { codeHash, codeBytes }] of Object.entries(versions)) {
      codes.set(`${region}:${account}:layer:${id}:${version}`, { codeHash, codeBytes });
    }
  }
  const write = database.prepare(
    'UPDATE documents SET value = ? WHERE kind = ? AND account = ? AND region = ? AND id = ?',
  );
  const named = (arn: unknown) => {
    const code = codes.get(String(arn).split(':').slice(3).join(':'));
    return code ? [{ arn, ...code }] : [];
  };
  for (const { account, region, id, value } of read.all('lambda/function')) {
    const record = JSON.parse(String(value)) as { latest: OldVersion; versions: Record<string, OldVersion> };
    for (const version of [record.latest, ...Object.values(record.versions)]) {
      version.layers = version.layers.flatMap(named);
    }
    write.run(JSON.stringify(record), 'lambda/function', String(account), String(region), String(id));
  }
}
