// Combines the CRCs of two consecutive parts into the CRC of both, given the length of the second. With it the checksum
// of a multipart object is known without reading its bytes again. Polynomial arithmetic over GF(2); pure.

/** The parameters of a CRC. */
export interface CrcKind {
  bits: bigint;
  /** In reflected form. */
  polynomial: bigint;
}

/** The parameters of the CRCs of S3. */
export const CRC_KINDS = {
  CRC32: { bits: 32n, polynomial: 0xedb88320n },
  CRC32C: { bits: 32n, polynomial: 0x82f63b78n },
  CRC64NVME: { bits: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
} as const;

/** Returns the function that combines two CRCs. The work that depends only on a length is done once for each length. */
export function createCombiner(
  kind: CrcKind,
): (first: bigint, second: bigint, secondBytes: number) => bigint {
  const shifts = new Map<number, bigint>();
  return (first, second, secondBytes) => {
    let shift = shifts.get(secondBytes);
    if (shift === undefined) shifts.set(secondBytes, (shift = powerOfX(kind, 8n * BigInt(secondBytes))));
    return multiply(kind, shift, first) ^ second;
  };
}

function powerOfX(kind: CrcKind, exponent: bigint): bigint {
  let result = 1n << (kind.bits - 1n);
  let square = 1n << (kind.bits - 2n);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(kind, result, square);
    square = multiply(kind, square, square);
  }
  return result;
}

function multiply({ bits, polynomial }: CrcKind, a: bigint, b: bigint): bigint {
  let product = 0n;
  let factor = b;
  for (let bit = 1n << (bits - 1n); bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ polynomial : factor >> 1n;
  }
  return product;
}
