import { useSearchParams } from 'wouter-preact'

/** A part of the events: `channel` is `web`. */
export interface Part {
  readonly dimension: string
  readonly values: readonly string[]
}

/** How the page's window is named; without any of them it is the indicator's own. */
export interface AskedWindow {
  readonly window: string
  readonly period: string
  readonly from: string
  readonly to: string
}

/** What of an indicator is looked at: all of it stands in the address. */
export interface Asked extends AskedWindow {
  /** empty: with the window before */
  readonly compare: '' | 'week' | 'year' | 'none'
  /** `window`: the chart shows the window alone, not what came before it */
  readonly chart: '' | 'window'
  readonly step: string
  /** another indicator on the same chart */
  readonly second: string
  /** dimension of the segments; empty: the first */
  readonly by: string
  readonly parts: readonly Part[]
}

export const PERIODS = ['day', 'week', 'month', 'quarter', 'year'] as const
const COMPARISONS = ['week', 'year', 'none'] as const
const NAMES = ['window', 'period', 'from', 'to', 'compare', 'chart', 'step', 'second', 'by'] as const

/** What an address asks for; what it says wrongly counts as not said, what Kivi refuses it explains itself. */
export function readAsked(parameters: URLSearchParams): Asked {
  const text = (name: string) => parameters.get(name) ?? ''
  const from = text('from')
  const period = from === '' ? (PERIODS.find(one => one === text('period')) ?? '') : ''
  return {
    from,
    to: from === '' ? '' : text('to'),
    period,
    window: from === '' && period === '' ? text('window') : '',
    compare: COMPARISONS.find(one => one === text('compare')) ?? '',
    chart: text('chart') === 'window' ? 'window' : '',
    step: text('step'),
    second: text('second'),
    by: text('by'),
    parts: parameters.getAll('filter').flatMap(readPart),
  }
}

/** As the API writes it: values are encoded once more, so that they may hold commas. */
function readPart(filter: string): Part[] {
  const colon = filter.indexOf(':')
  if (colon < 1) return []
  try {
    return [
      {
        dimension: filter.slice(0, colon),
        values: filter
          .slice(colon + 1)
          .split(',')
          .map(decodeURIComponent),
      },
    ]
  } catch {
    return []
  }
}

export const writePart = ({ dimension, values }: Part): string =>
  `${dimension}:${values.map(value => encodeURIComponent(value)).join(',')}`

export function writeAsked(asked: Asked): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const name of NAMES) if (asked[name] !== '') parameters.set(name, asked[name])
  for (const part of asked.parts) parameters.append('filter', writePart(part))
  return parameters
}

/** One part of a dimension at a time: another takes its place. */
export const withPart = (parts: readonly Part[], part: Part): Part[] => [
  ...parts.filter(one => one.dimension !== part.dimension),
  part,
]

export const withoutPart = (parts: readonly Part[], dimension: string): Part[] =>
  parts.filter(one => one.dimension !== dimension)

export const NO_WINDOW: AskedWindow = { window: '', period: '', from: '', to: '' }

/** What the address asks for, and how to ask for something else. */
export function useAsked(): [Asked, (change: Partial<Asked>) => void] {
  const [parameters, setParameters] = useSearchParams()
  const asked = readAsked(parameters)
  return [asked, change => setParameters(before => writeAsked({ ...readAsked(before), ...change }))]
}
