import { signal } from '@preact/signals'

/** The access key that goes with each request; null where none was given. Kept as long as the tab, or until forgotten. */
export const accessKey = signal<string | null>(kept())

/** Set when Kivi asks for a key: the shell then asks the person for one. */
export const keyAsked = signal<string | null>(null)

/** `lasting`: this device keeps it, else this tab does. */
export function keep(key: string, lasting: boolean): void {
  forget()
  accessKey.value = key
  keyAsked.value = null
  try {
    const storage = lasting ? localStorage : sessionStorage
    storage.setItem('kivi.key', key)
  } catch {
    // asked for again when the page is loaded anew
  }
}

export function forget(): void {
  accessKey.value = null
  try {
    sessionStorage.removeItem('kivi.key')
    localStorage.removeItem('kivi.key')
  } catch {
    // nothing was kept
  }
}

function kept(): string | null {
  try {
    return sessionStorage.getItem('kivi.key') ?? localStorage.getItem('kivi.key')
  } catch {
    return null
  }
}
