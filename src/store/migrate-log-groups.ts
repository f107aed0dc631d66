/** Log groups of earlier versions of Millpond are told how many bytes their streams keep. SQL. */
export const COUNT_STORED_BYTES = `
  UPDATE documents AS own SET value = json_set(value, '$.storedBytes', (
    SELECT coalesce(sum(json_extract(stream.value, '$.storedBytes')), 0) FROM documents AS stream
    WHERE stream.kind = 'logs/stream' AND stream.account = own.account AND stream.region = own.region
      AND stream.id >= own.id || ':' AND stream.id < own.id || ';'
  )) WHERE kind = 'logs/group'`;
