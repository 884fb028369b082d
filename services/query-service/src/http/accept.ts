/** The first of `offered` that the request accepts best, null where it accepts none (RFC 9110, 12.5.1). */
export function negotiate(accept: string | undefined, offered: readonly string[]): string | null {
  if (accept === undefined || accept.trim() === '') return offered[0] ?? null
  const ranges = accept.split(',').map(part => {
    const [type = '', ...parameters] = part.split(';').map(piece => piece.trim().toLowerCase())
    const weight = parameters.find(parameter => parameter.startsWith('q='))
    return { type, quality: weight === undefined ? 1 : Number(weight.slice(2)) }
  })
  let best: { type: string; quality: number } | null = null
  for (const type of offered) {
    const [main] = type.split('/')
    // the most specific range decides, whatever else would match
    const range =
      ranges.find(candidate => candidate.type === type) ??
      ranges.find(candidate => candidate.type === `${main}/*`) ??
      ranges.find(candidate => candidate.type === '*/*')
    const quality = range?.quality ?? 0
    if (quality > 0 && (best === null || quality > best.quality)) best = { type, quality }
  }
  return best?.type ?? null
}
