/** Where the signed 32-bit lanes of a 64-bit number lie in memory: making a BigInt for each would cost 50 ns. */
export const endianness =
  new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? { low: 0, high: 1 } : { low: 1, high: 0 }

/** The lanes of 64-bit numbers, in place: element 2k + endianness.high is number k's high lane. */
export const lanesOf = (hashes: BigUint64Array): Int32Array =>
  new Int32Array(hashes.buffer, hashes.byteOffset, hashes.length * 2)
