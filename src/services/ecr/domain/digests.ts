// Digests of content, `sha256:…`. Pure.

/** The algorithms of the OCI image specification. AWS: ECR has only sha256. */
export type Algorithm = 'sha256' | 'sha512';

/** A digest and its parts. */
export interface Digest {
  text: string;
  algorithm: Algorithm;
  /** Lower case. */
  hex: string;
}

const FORM = /^(?:(sha256):([0-9a-f]{64})|(sha512):([0-9a-f]{128}))$/;

/** `undefined` when the text is not a digest of a known algorithm. */
export function parseDigest(text: string): Digest | undefined {
  const [, short, shortHex, long, longHex] = FORM.exec(text) ?? [];
  const algorithm = short ?? long;
  const hex = shortHex ?? longHex;
  return algorithm === undefined || hex === undefined
    ? undefined
    : { text, algorithm: algorithm as Algorithm, hex };
}

export const isDigest = (text: string): boolean => parseDigest(text) !== undefined;
