/** The board as a page that Prometheus scrapes. */
import { STATUSES } from '@kivi/domain'
import type { BoardAnswer } from '../answers/board.ts'
import { metricName } from './series.ts'

/** Both formats agree on what is written here: gauges without timestamps. */
export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8'
export const PLAIN_TEXT = 'text/plain; version=0.0.4; charset=utf-8'

interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** @param help what an indicator is, by its id */
export function exposition({ indicators }: Pick<BoardAnswer, 'indicators'>, help: (id: string) => string): string {
  const values = indicators.flatMap(item =>
    item.value === null ? [] : family(metricName(item.id), help(item.id), [{ labels: {}, value: item.value }]),
  )
  const of = (id: string, more: Readonly<Record<string, string>> = {}) => ({ indicator: id, ...more })
  const lines = [
    ...values,
    ...family(
      'kivi_indicator_target',
      'What the indicator is to reach, where it has a target',
      indicators.flatMap(({ id, target }) => (target === null ? [] : [{ labels: of(id), value: target }])),
    ),
    ...family(
      'kivi_indicator_status',
      `1 for the status that the indicator has, 0 for the others: ${STATUSES.join(', ')}`,
      indicators.flatMap(item =>
        STATUSES.map(status => ({ labels: of(item.id, { status }), value: Number(item.status === status) })),
      ),
    ),
    ...family(
      'kivi_indicator_complete',
      '1 where all events of the window have been counted',
      indicators.map(({ id, complete }) => ({ labels: of(id), value: Number(complete) })),
    ),
    '# EOF',
  ]
  return `${lines.join('\n')}\n`
}

function family(name: string, help: string, samples: readonly Sample[]): string[] {
  if (samples.length === 0) return []
  return [
    `# TYPE ${name} gauge`,
    `# HELP ${name} ${helpText(help)}`,
    ...samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}`),
  ]
}

function labelText(labels: Sample['labels']): string {
  const entries = Object.entries(labels)
  return entries.length === 0 ? '' : `{${entries.map(([label, value]) => `${label}="${escaped(value)}"`).join(',')}}`
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')

/** One format has quotes escaped in it, the other knows no such escape. */
const helpText = (text: string): string => escaped(text.replaceAll('"', "'"))
