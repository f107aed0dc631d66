// User data as cloud-init takes it apart: scripts, which are run, and everything else, which is refused by name. Pure.
// Source: cloud-init's documentation, “User data formats”.

/** What user data consists of. */
export interface UserDataParts {
  scripts: readonly Buffer[];
  /** Sentences. */
  refused: readonly string[];
}

const MOST_PARTS = 100;
const MOST_DEPTH = 5;
const SCRIPT_TYPES = new Set([
  'text/x-shellscript',
  'text/x-shellscript-per-boot',
  'text/x-shellscript-per-once',
]);

/** How formats that are not scripts begin; longer ones first. */
const FORMATS = [
  ...['#cloud-config-archive', '#cloud-config', '#cloud-boothook', '#include-once', '#include'],
  ...['#upstart-job', '#part-handler', '## template: jinja', '<powershell>'],
];

/** Takes user data apart. Never throws: what it does not know is refused. */
export function readUserData(data: Buffer): UserDataParts {
  const found = { scripts: [] as Buffer[], refused: [] as string[] };
  if (data.length > 0) readPart(data, found, 0);
  return found;
}

type Found = { scripts: Buffer[]; refused: string[] };

function readPart(data: Buffer, found: Found, depth: number): void {
  if (found.scripts.length + found.refused.length >= MOST_PARTS) return;
  const start = data.toString('latin1', 0, 1024);
  if (isMime(start)) readMime(data, found, depth);
  else if (start.startsWith('#!')) found.scripts.push(data);
  else found.refused.push(refusal(start));
}

function refusal(start: string): string {
  const format = FORMATS.find((each) => start.startsWith(each));
  if (format !== undefined) return `User data in the format ${format} is not supported here: use a script.`;
  return `Unhandled non-multipart (text/x-not-multipart) userdata: '${printable(start.slice(0, 24))}...'`;
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

const isMime = (start: string): boolean => /^(content-type|mime-version):/i.test(start);

/** Headers, an empty line, a body. */
function readMime(data: Buffer, found: Found, depth: number): void {
  if (depth >= MOST_DEPTH) {
    found.refused.push('User data with parts inside of parts, more than five deep, is not supported.');
    return;
  }
  const { headers, body } = splitHeaders(data);
  const [type = 'text/plain', ...parameters] = (headers['content-type'] ?? '').split(';');
  const kind = type.trim().toLowerCase();
  if (kind.startsWith('multipart/')) {
    const boundary = parameters.map((each) => /^\s*boundary="?([^"]+?)"?\s*$/i.exec(each)?.[1]).find(Boolean);
    if (boundary === undefined) {
      found.refused.push('User data of several parts names no boundary.');
      return;
    }
    for (const part of partsOf(body, boundary)) {
      if (found.scripts.length + found.refused.length >= MOST_PARTS) return;
      readMime(part, found, depth + 1);
    }
    return;
  }
  const content = decoded(body, headers['content-transfer-encoding'] ?? '');
  // cloud-init: a script may come as text; its beginning says what it is.
  if (SCRIPT_TYPES.has(kind) || kind === 'text/plain' || kind === '') {
    const start = content.toString('latin1', 0, 2);
    if (start === '#!') found.scripts.push(content);
    else if (kind.startsWith('text/x-'))
      found.refused.push('A script of the user data does not begin with #!.');
    else found.refused.push(refusal(content.toString('latin1', 0, 1024)));
    return;
  }
  found.refused.push(
    `A part of the type ${printable(kind.slice(0, 100))} is not supported here: use a script.`,
  );
}

function splitHeaders(data: Buffer): { headers: Record<string, string>; body: Buffer } {
  const ends = [data.indexOf('\r\n\r\n'), data.indexOf('\n\n')].map((at, index) => ({
    at,
    length: index ? 2 : 4,
  }));
  const end = ends.filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at)[0];
  // A part may have no headers at all.
  if (data[0] === 10) return { headers: {}, body: data.subarray(1) };
  if (!end) return { headers: {}, body: data };
  const text = data.toString('latin1', 0, end.at).replace(/\r?\n[ \t]+/g, ' ');
  const headers: Record<string, string> = Object.create(null);
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, body: data.subarray(end.at + end.length) };
}

/** The texts between the lines of the boundary. */
function partsOf(body: Buffer, boundary: string): Buffer[] {
  const parts: Buffer[] = [];
  const mark = Buffer.from(`--${boundary}`, 'latin1');
  let from = -1;
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) {
    if (at > 0 && body[at - 1] !== 10) continue;
    if (from >= 0) parts.push(body.subarray(from, withoutLineEnd(body, at)));
    const after = at + mark.length;
    const lineEnd = body.indexOf(10, after);
    const rest = body.toString('latin1', after, lineEnd < 0 ? body.length : lineEnd).trim();
    if (rest === '--' || lineEnd < 0) return parts;
    // Another boundary that begins as this one does.
    from = rest === '' ? lineEnd + 1 : from;
  }
  // cloud-init: the last line may be missing.
  if (from >= 0) parts.push(body.subarray(from));
  return parts;
}

function withoutLineEnd(body: Buffer, at: number): number {
  if (body[at - 1] !== 10) return at;
  return body[at - 2] === 13 ? at - 2 : at - 1;
}

function decoded(body: Buffer, encoding: string): Buffer {
  switch (encoding.toLowerCase()) {
    case 'base64':
      return Buffer.from(body.toString('latin1'), 'base64');
    case 'quoted-printable':
      return Buffer.from(
        body
          .toString('latin1')
          .replace(/[ \t]*=\r?\n/g, '')
          .replace(/=([0-9A-Fa-f]{2})/g, (_, digits: string) =>
            String.fromCharCode(Number.parseInt(digits, 16)),
          ),
        'latin1',
      );
    default:
      return body;
  }
}
