/** Addresses of what the page asks the API. */
import { type Asked, type AskedWindow, type Part, writePart } from './asked.ts'
import type { Stretch } from './course/stretch.ts'

type Given = Readonly<Record<string, string>>

/** A path with the parameters that are given; parts become filters. */
function pathOf(path: string, given: Given, parts: readonly Part[] = []): string {
  const parameters = new URLSearchParams(Object.entries(given).filter(([, value]) => value !== ''))
  for (const part of parts) parameters.append('filter', writePart(part))
  return parameters.size === 0 ? path : `${path}?${parameters}`
}

const indicator = (id: string) => `/v1/indicators/${encodeURIComponent(id)}`
const windowOf = ({ window, period, from, to }: AskedWindow): Given => ({ window, period, from, to })

export const detailPath = (id: string): string => indicator(id)

export const valuePath = (id: string, asked: Asked): string =>
  pathOf(`${indicator(id)}/value`, { ...windowOf(asked), compare: comparison(asked) }, asked.parts)

/** Segments are always compared, or nobody could tell which moved. */
export const segmentsPath = (id: string, asked: Asked, by: string): string =>
  pathOf(
    `${indicator(id)}/value`,
    { ...windowOf(asked), compare: comparison(asked) || 'previous', by, order: 'change' },
    asked.parts,
  )

export const seriesPath = (id: string, { from, to, step, window }: Stretch, parts: readonly Part[]): string =>
  pathOf(
    `${indicator(id)}/series`,
    {
      ...(window === null ? { from: timeOf(from), to: to === null ? '' : timeOf(to) } : windowOf(window)),
      step,
    },
    parts,
  )

export const driversPath = (id: string, asked: Asked, by: string): string =>
  pathOf(`/v1/drivers/${encodeURIComponent(id)}`, { ...windowOf(asked), by }, asked.parts)

export const correlationPath = (x: string, y: string): string => pathOf('/v1/correlations', { x, y })

/** More than anybody sets; the one set last stands first. */
const ALL = { limit: '1000' }

export const targetsPath = (id: string): string => `/v1/targets/${encodeURIComponent(id)}`
export const attainmentPath = (id: string, per: string): string =>
  pathOf(`/v1/targets/${encodeURIComponent(id)}/attainment`, { per })
export const allTargetsPath = (id: string): string => pathOf(targetsPath(id), ALL)
export const actionsPath = (id: string): string => pathOf('/v1/actions', { indicator: id, ...ALL })
export const NORTH_STAR_PATH = '/v1/north-star'

const comparison = ({ compare }: Asked): string => (compare === 'none' ? '' : compare || 'previous')

const timeOf = (instant: number): string => new Date(instant).toISOString()
