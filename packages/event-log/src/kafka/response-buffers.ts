/**
 * Large answers of a broker (fetches, up to some megabytes each) are read into buffers that are used again. Fresh ones
 * would be most of what the worker allocates, and V8 begins a garbage collection with every 64 MB of them.
 */

/** Smaller ones are not worth keeping. */
const LEAST_KEPT = 256 * 1024
/** Bytes kept for later, of all connections together. */
const MOST_FREE = 32 * 1024 * 1024

let free: Buffer[] = []
let freeBytes = 0

/** A buffer of at least `size` bytes; what it holds is undefined. */
export function takeBuffer(size: number): Buffer {
  if (size < LEAST_KEPT) return Buffer.allocUnsafe(size)
  const at = free.findIndex(buffer => buffer.length >= size)
  if (at < 0) return Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(size)))
  const [buffer] = free.splice(at, 1)
  freeBytes -= buffer!.length
  return buffer!
}

/**
 * Gives back the buffer behind a view: nothing may read it any more. One that is never given back (an answer that
 * nobody waited for) is the garbage collector's.
 */
export function releaseBuffer(view: Buffer): void {
  const { buffer } = view
  if (buffer.byteLength < LEAST_KEPT || freeBytes + buffer.byteLength > MOST_FREE) return
  freeBytes += buffer.byteLength
  // the smallest first: a large one is kept for a large answer
  free = [...free, Buffer.from(buffer as ArrayBuffer)].sort((a, b) => a.length - b.length)
}
