import { useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { nameIn, useIndicators } from '../../../api/use-indicators.ts'
import { formatDifference } from '../../../format/difference.ts'
import { formatShare, formatValue } from '../../../format/numbers.ts'
import { Status } from '../../../parts/status.tsx'
import { Wide } from '../../../parts/wide.tsx'
import { spoken, type Words } from '../../../settings/language.ts'
import type { Drivers } from '../answers.ts'
import './figures.css'

type Child = Drivers['children'][number]

interface ChildrenWords {
  readonly title: string
  readonly caption: string
  readonly drags: (name: string, by: string) => string
  readonly worsened: (name: string, by: string) => string
  readonly dragging: string
  readonly indicator: string
  readonly value: string
  readonly change: string
  readonly target: string
  readonly status: string
  readonly more: (count: number) => string
}

const WORDS: Words<ChildrenWords> = {
  en: {
    title: 'What it consists of',
    caption: 'The indicators below it, in the same window and the one before',
    drags: (name, by) => `${name} drags most: it misses its target by ${by}.`,
    worsened: (name, by) => `${name} drags most: it is ${by} worse than in the window before.`,
    dragging: 'drags most',
    indicator: 'Indicator',
    value: 'Value',
    change: 'Change',
    target: 'Target',
    status: 'Status',
    more: count => `Show all ${count}`,
  },
  zh: {
    title: '组成部分',
    caption: '下级指标，同一窗口与上一窗口',
    drags: (name, by) => `拖累最大的是 ${name}：与目标相差 ${by}。`,
    worsened: (name, by) => `拖累最大的是 ${name}：较上一窗口变差 ${by}。`,
    dragging: '拖累最大',
    indicator: '指标',
    value: '数值',
    change: '变化',
    target: '目标',
    status: '状态',
    more: count => `显示全部 ${count} 个`,
  },
}

/** Rows before one asks for all. */
const FIRST_ROWS = 10
const URGENCY = ['off_track', 'at_risk', 'provisional', 'on_track', 'no_target', 'no_data']

/** What drags most first, then what is off its target; else in the catalog's order. */
const mostUrgent = ({ children, drag }: Drivers): Child[] =>
  children.toSorted((a, b) => urgency(a, drag) - urgency(b, drag))

const urgency = (child: Child, drag: Drivers['drag']): number =>
  child.id === drag?.id ? -1 : URGENCY.indexOf(child.status)

/** The indicators that name this one as their parent, and which of them holds it back. */
export function Children({ answer }: { answer: Drivers }) {
  const words = spoken(WORDS)
  const indicators = useIndicators()
  const [all, setAll] = useState(false)
  const { drag } = answer
  const children = mostUrgent(answer)
  const rows = all ? children : children.slice(0, FIRST_ROWS)
  return (
    <section class="panel" aria-labelledby="children-title">
      <h2 id="children-title">{words.title}</h2>
      {drag !== null && (
        <p class="why">
          {(children.find(child => child.id === drag.id)?.target == null ? words.worsened : words.drags)(
            nameIn(indicators, drag.id),
            formatShare(Math.abs(drag.by)),
          )}
        </p>
      )}
      <Wide label={words.caption}>
        <table class="figures">
          <caption>{words.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{words.indicator}</th>
              <th scope="col">{words.value}</th>
              <th scope="col">{words.change}</th>
              <th scope="col">{words.target}</th>
              <th scope="col" class="words">
                {words.status}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(child => (
              <tr key={child.id} data-child={child.id} class={drag?.id === child.id ? 'drags' : undefined}>
                <th scope="row">
                  <Link href={`/indicators/${encodeURIComponent(child.id)}`}>{nameIn(indicators, child.id)}</Link>
                  {drag?.id === child.id && <small> · {words.dragging}</small>}
                </th>
                <Figures child={child} unit={indicators.get(child.id)?.unit ?? ''} />
                <td class="words">
                  <Status status={child.status} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {children.length > rows.length && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          {words.more(children.length)}
        </button>
      )}
    </section>
  )
}

function Figures({ child, unit }: { child: Child; unit: string }) {
  const { value, previous, target } = child
  return (
    <>
      <td>{value === null ? '' : formatValue(value, unit)}</td>
      <td class="quiet">{value === null || previous === null ? '' : formatDifference(value - previous, unit)}</td>
      <td>{target === null ? '' : formatValue(target, unit)}</td>
    </>
  )
}
