/** SQL. A step of migrations.ts: sets the stored bytes of each log group to the sum of its streams. */
export const COUNT_STORED_BYTES = `
  UPDATE documents AS own SET value = json_set(value, '$.storedBytes', (
    SELECT coalesce(sum(json_extract(stream.value, '$.storedBytes')), 0) FROM documents AS stream
    WHERE stream.kind = 'logs/stream' AND stream.account = own.account AND stream.region = own.region
      AND stream.id >= own.id || ':' AND stream.id < own.id || ';'
  )) WHERE kind = 'logs/group'`;

/** Log streams are numbered when they get their next event. Their chunks and sizes are no longer counted. */
export const NUMBER_LOG_STREAMS = `
  UPDATE documents SET value = json_set(json_remove(value, '$.firstChunk', '$.lastChunk', '$.storedBytes'), '$.number', 0)
    WHERE kind = 'logs/stream';
  UPDATE documents SET value = json_remove(value, '$.storedBytes') WHERE kind = 'logs/group';`;
