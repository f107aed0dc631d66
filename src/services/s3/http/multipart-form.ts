// Parses multipart/form-data as S3 does: fields, then one file. Everything after the file is ignored. The size of the
// fields is bounded, and one search finds the end of the file, so the time is bounded too. Pure.

/** The fields and the file of a form. */
export interface MultipartForm {
  /** By lower-case name. The last field of a name counts. */
  fields: ReadonlyMap<string, string>;
  /** `bytes` is a view of the body. Absent when the form has no file. */
  file: { name: string; bytes: Buffer } | undefined;
}

/** Why a form cannot be read. */
export type MalformedForm = 'malformed' | 'fields too large';

/** AWS: the form may have 20 KB before the file. */
const MAX_BYTES_BEFORE_FILE = 20 * 1024;
const CRLF = '\r\n';

/** `contentType` contains the boundary. */
export function parseMultipartForm(contentType: string, body: Buffer): MultipartForm | MalformedForm {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;,"]{1,200}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return 'malformed';
  const delimiter = `--${boundary}`;
  const fields = new Map<string, string>();
  if (!startsWith(body, delimiter, 0)) return 'malformed';
  for (let at = delimiter.length; ; ) {
    if (startsWith(body, '--', at)) return { fields, file: undefined };
    if (!startsWith(body, CRLF, at)) return 'malformed';
    if (at > MAX_BYTES_BEFORE_FILE) return 'fields too large';
    const headEnd = body.subarray(0, at + MAX_BYTES_BEFORE_FILE).indexOf(CRLF + CRLF, at);
    if (headEnd < 0) return 'malformed';
    const { name, fileName } = namesIn(body.toString('utf8', at, headEnd));
    if (name === undefined) return 'malformed';
    const start = headEnd + 2 * CRLF.length;
    // The delimiter of an empty part shares the line break at the end of the part's head.
    const end = body.indexOf(CRLF + delimiter, start - CRLF.length);
    if (end < 0) return 'malformed';
    const bytes = body.subarray(start, Math.max(start, end));
    if (name === 'file' || fileName !== undefined) return { fields, file: { name: fileName ?? '', bytes } };
    if (bytes.length > MAX_BYTES_BEFORE_FILE) return 'fields too large';
    fields.set(name, bytes.toString());
    at = end + CRLF.length + delimiter.length;
  }
}

const startsWith = (body: Buffer, text: string, at: number): boolean =>
  body.toString('latin1', at, at + text.length) === text;

/** The names in a part's Content-Disposition. `name` is in lower case. */
function namesIn(head: string): { name: string | undefined; fileName: string | undefined } {
  const line = head.split(CRLF).find((each) => /^content-disposition:/i.test(each)) ?? '';
  return { name: parameter(line, 'name')?.toLowerCase(), fileName: parameter(line, 'filename') };
}

function parameter(line: string, name: string): string | undefined {
  const [, quoted, plain] = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^\\s;"]+))`, 'i').exec(line) ?? [];
  // Browsers escape only these three characters.
  return (quoted ?? plain)?.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}
