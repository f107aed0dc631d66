// The answers that the balancer gives itself: AWS's pages for errors and redirects. Pure.

/** AWS: the header of every answer that does not come from a target. */
export const SERVER = 'awselb/2.0';

/**
 * AWS: reason phrases as its pages show them (docs.aws.amazon.com/elasticloadbalancing/latest/application/
 * load-balancer-troubleshooting.html for the codes; their lengths in public reports: 122 bytes for 502, 162 for 503, 134
 * for 301). AWS shows no phrase for codes of its own, 460 to 464.
 */
const PHRASES: Readonly<Record<number, string>> = {
  301: 'Moved Permanently',
  302: 'Found',
  400: 'Bad Request',
  405: 'Not Allowed',
  408: 'Request Time-out',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Large',
  463: '',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
  505: 'HTTP Version Not Supported',
  507: 'Insufficient Storage',
};

/** The codes of `page`. */
export type OwnStatus = keyof typeof PHRASES & number;

/** A page: the reason phrase of its status line, and its body in HTML. */
export interface Page {
  reason: string;
  body: Buffer;
}

const pages = new Map<number, Page>();

/** The page of a status code. */
export function page(status: OwnStatus): Page {
  let found = pages.get(status);
  if (!found) {
    const reason = PHRASES[status] ?? '';
    const title = `${status} ${reason}`.trimEnd();
    found = {
      reason,
      body: Buffer.from(
        `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
      ),
    };
    pages.set(status, found);
  }
  return found;
}

/** A whole answer, for a connection that has no request: with a malformed one, no more can be said. */
export function rawPage(status: OwnStatus): Buffer {
  const { reason, body } = page(status);
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    `Server: ${SERVER}`,
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: text/html',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}
