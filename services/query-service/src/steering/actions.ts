import { randomUUID } from 'node:crypto'
import type { Action, Catalog } from '@kivi/domain'
import { ProblemError } from '../http/problems.ts'
import { assertDimension, indicatorIn } from '../http/unknown.ts'
import { formatTime, parseTime } from '../questions/times.ts'

export interface SentAction {
  /** of an action to change; without: a new one */
  readonly id?: string
  readonly label: string
  readonly description?: string
  readonly indicators: readonly string[]
  readonly by?: Readonly<Record<string, string>>
  readonly status?: Action['status']
  readonly at: string
  readonly until?: string
  readonly owner?: string
  readonly set_by?: string
}

export interface ActionItem {
  readonly id: string
  readonly label: string
  readonly description: string
  readonly indicators: readonly string[]
  readonly by: Readonly<Record<string, string>>
  readonly status: Action['status']
  readonly at: string
  readonly until: string | null
  readonly owner: string
  readonly set_by: string
  readonly set_at: string
}

export function readAction(catalog: Catalog, sent: SentAction, now: number): Action {
  for (const [index, id] of sent.indicators.entries()) {
    const indicator = indicatorIn(catalog, id, `indicators/${index}`)
    for (const field of Object.keys(sent.by ?? {})) assertDimension(field, indicator, 'by')
  }
  const at = parseTime(sent.at, 'at')
  const until = sent.until === undefined ? null : parseTime(sent.until, 'until')
  if (until !== null && until <= at)
    throw new ProblemError('invalid_parameter', 'until is not after at.', { parameter: 'until' })
  const status = sent.status ?? (at > now ? 'planned' : 'done')
  if (status === 'done' && at > now)
    throw new ProblemError('invalid_parameter', `at is ${formatTime(at)}, which is yet to come: status is planned.`, {
      parameter: 'status',
    })
  return {
    id: sent.id ?? randomUUID(),
    label: sent.label,
    description: sent.description ?? '',
    indicators: sent.indicators,
    by: sent.by ?? {},
    status,
    at,
    until,
    owner: sent.owner ?? sent.set_by ?? 'api',
    setBy: sent.set_by ?? sent.owner ?? 'api',
    setAt: now,
  }
}

export const actionItem = (action: Action): ActionItem => ({
  id: action.id,
  label: action.label,
  description: action.description,
  indicators: action.indicators,
  by: action.by,
  status: action.status,
  at: formatTime(action.at),
  until: action.until === null ? null : formatTime(action.until),
  owner: action.owner,
  set_by: action.setBy,
  set_at: formatTime(action.setAt),
})
