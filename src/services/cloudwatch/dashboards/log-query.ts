// The query of a log widget: the log groups that it names in front, and the rest, as StartQuery takes them. Pure.

const SOURCE = /^\s*SOURCE\s+(?:'([^']*)'|"([^"]*)")\s*(?:\||$)/i;

/** AWS: a widget's query begins with `SOURCE 'group' |`, once for each log group. Other sources stay in the query. */
export function logQuery(text: string): { groups: string[]; query: string } {
  const groups: string[] = [];
  let query = text;
  for (let found = SOURCE.exec(query); found; found = SOURCE.exec(query)) {
    groups.push(found[1] ?? found[2] ?? '');
    query = query.slice(found[0].length);
  }
  return { groups, query: query.trim() };
}
