import { type Signal, signal } from '@preact/signals'

/** A choice that outlives the page, where the browser keeps anything; `read` refuses what an older page may have kept. */
export function remembered<T extends string>(name: string, fallback: T, read: (kept: string) => T | null): Signal<T> {
  const key = `kivi.${name}`
  const chosen = signal<T>(keptUnder(key, read) ?? fallback)
  chosen.subscribe(value => {
    try {
      if (value === fallback) localStorage.removeItem(key)
      else localStorage.setItem(key, value)
    } catch {
      // a browser that keeps nothing still shows the page
    }
  })
  return chosen
}

function keptUnder<T>(key: string, read: (kept: string) => T | null): T | null {
  try {
    const kept = localStorage.getItem(key)
    return kept === null ? null : read(kept)
  } catch {
    return null
  }
}

/** One of these, or none. */
export const oneOf =
  <T extends string>(...values: readonly T[]) =>
  (kept: string): T | null =>
    values.find(value => value === kept) ?? null
