import { useSearchParams } from 'wouter-preact'
import type { AskedBoard } from '../../api/use-board.ts'

export const WINDOWS = ['', '15m', '1h', '1d', '7d', '30d'] as const
export const LEVELS = ['company', 'department', 'team', 'project', 'individual'] as const

const oneOf = (allowed: readonly string[], value: string): string => (allowed.includes(value) ? value : '')

/** What of the board the address asks for, so that it can be sent to others and gone back to; and how to change it. */
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
