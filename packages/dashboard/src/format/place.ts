import { signal } from '@preact/signals'

/** In which zone days begin and in which currency money is told: the catalog's, as `/v1/board` says. */
export interface Place {
  readonly timezone: string
  readonly currency: string
}

/** Until Kivi has told: times in UTC, and money without a sign. */
export const place = signal<Place>({ timezone: 'UTC', currency: '' })

/** Takes the place that an answer tells; whatever was drawn with another one is drawn anew. */
export function standAt({ timezone, currency }: Place): void {
  const known = place.peek()
  if (known.timezone !== timezone || known.currency !== currency) place.value = { timezone, currency }
}
