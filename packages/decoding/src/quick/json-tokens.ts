/** Tokens of JSON in bytes that end with a zero: see JsonScanner. */

/** 1 for the bytes that a text may hold and that need no look: ASCII but quotes, backslashes and control characters. */
export const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x80 && byte !== 0x22 && byte !== 0x5c ? 1 : 0,
)
export const SPACE = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d ? 1 : 0,
)
export const POWERS = Float64Array.from({ length: 16 }, (_, i) => Number(`1e${i}`))

export function skipSpace(b: Uint8Array, at: number): number {
  let p = at
  while (SPACE[b[p]!] === 1) p++
  return p
}

/** Behind `true`, `false` or `null`, told by its first byte; −1: something else. */
export function literal(b: Uint8Array, p: number, first: number): number {
  if (first === 0x74) return b[p + 1] === 0x72 && b[p + 2] === 0x75 && b[p + 3] === 0x65 ? p + 4 : -1
  if (first === 0x6e) return b[p + 1] === 0x75 && b[p + 2] === 0x6c && b[p + 3] === 0x6c ? p + 4 : -1
  return b[p + 1] === 0x61 && b[p + 2] === 0x6c && b[p + 3] === 0x73 && b[p + 4] === 0x65 ? p + 5 : -1
}

export function skipNumber(b: Uint8Array, at: number): number {
  let p = b[at] === 0x2d ? at + 1 : at
  if (b[p] === 0x30) p++
  else {
    const first = p
    p = skipDigits(b, p)
    if (p === first) return -1
  }
  if (b[p] === 0x2e) {
    const first = ++p
    p = skipDigits(b, p)
    if (p === first) return -1
  }
  if (b[p] === 0x65 || b[p] === 0x45) {
    p++
    if (b[p] === 0x2b || b[p] === 0x2d) p++
    const first = p
    p = skipDigits(b, p)
    if (p === first) return -1
  }
  return p
}

function skipDigits(b: Uint8Array, at: number): number {
  let p = at
  while (b[p]! >= 0x30 && b[p]! <= 0x39) p++
  return p
}
