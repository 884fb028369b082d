import { useSearchParams } from 'wouter-preact'

/** What of the board is asked for: it stands in the address, so that it can be sent to others and gone back to. */
export interface AskedBoard {
  /** a length for all; empty: each indicator's own */
  readonly window: string
  readonly level: string
  readonly owner: string
}

export const WINDOWS = ['', '15m', '1h', '1d', '7d', '30d'] as const
export const LEVELS = ['company', 'department', 'team', 'project', 'individual'] as const

const oneOf = (allowed: readonly string[], value: string): string => (allowed.includes(value) ? value : '')

/** What the address asks for, and how to ask for something else. */
export function useAskedBoard(): [AskedBoard, (change: Partial<AskedBoard>) => void] {
  const [parameters, setParameters] = useSearchParams()
  const asked: AskedBoard = {
    window: oneOf(WINDOWS, parameters.get('window') ?? ''),
    level: oneOf(LEVELS, parameters.get('level') ?? ''),
    owner: parameters.get('owner') ?? '',
  }
  const change = (changed: Partial<AskedBoard>) =>
    setParameters(before => {
      const next = new URLSearchParams(before)
      for (const [name, value] of Object.entries(changed))
        if (value === '') next.delete(name)
        else next.set(name, value)
      return next
    })
  return [asked, change]
}

/** Address of the answer. */
export function boardPath({ window, level, owner }: AskedBoard): string {
  const query = new URLSearchParams(Object.entries({ window, level, owner }).filter(([, value]) => value !== ''))
  return query.size === 0 ? '/v1/board' : `/v1/board?${query}`
}
