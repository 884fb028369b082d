import { useState } from 'preact/hooks'
import { useAnswer } from '../../../api/use-answer.ts'
import { formatChange, formatCount, formatValue } from '../../../format/numbers.ts'
import { Answered } from '../../../parts/answered.tsx'
import { reasonWord } from '../../../parts/reason.ts'
import { Status } from '../../../parts/status.tsx'
import { Wide } from '../../../parts/wide.tsx'
import { spoken, type Words } from '../../../settings/language.ts'
import type { Detail, Group, Value } from '../answers.ts'
import { type Asked, withPart } from '../asked.ts'
import { segmentsPath } from '../questions.ts'
import { useHeld } from '../use-held.ts'
import { byOrder, ORDERS, type Order } from './segment-order.ts'
import './figures.css'

interface SegmentWords {
  readonly title: string
  readonly by: string
  readonly order: string
  readonly orders: Readonly<Record<Order, string>>
  readonly caption: (dimension: string) => string
  readonly value: string
  readonly before: string
  readonly change: string
  readonly interval: string
  readonly target: string
  readonly status: string
  readonly unnamed: string
  readonly only: (part: string) => string
  readonly more: (count: number) => string
  readonly truncated: string
  readonly none: string
}

const WORDS: Words<SegmentWords> = {
  en: {
    title: 'Segments',
    by: 'By',
    order: 'First',
    orders: { change: 'what moved most', value: 'the largest value', volume: 'the largest volume' },
    caption: dimension => `By ${dimension}; choosing a segment shows the whole page for it`,
    value: 'Value',
    before: 'Before',
    change: 'Change',
    interval: '95 % interval',
    target: 'Target',
    status: 'Status',
    unnamed: '(none)',
    only: part => `Only ${part}`,
    more: count => `Show all ${count}`,
    truncated: 'Only the thousand largest segments are told.',
    none: 'Nothing in this window has a segment.',
  },
  zh: {
    title: '细分',
    by: '维度',
    order: '排序',
    orders: { change: '变化最大', value: '数值最大', volume: '样本最大' },
    caption: dimension => `按 ${dimension} 细分；选择某一段可查看整页`,
    value: '数值',
    before: '对比期',
    change: '变化',
    interval: '95% 区间',
    target: '目标',
    status: '状态',
    unnamed: '（无）',
    only: part => `仅看 ${part}`,
    more: count => `显示全部 ${count} 段`,
    truncated: '仅显示最大的一千段。',
    none: '该窗口内没有细分。',
  },
}

const REFRESH_MS = 15_000
/** Rows before one asks for all. */
const FIRST_ROWS = 12

/** The indicator by the values of one of its dimensions, those that moved most first. */
export function Segments({
  detail,
  asked,
  onChange,
}: {
  detail: Detail
  asked: Asked
  onChange: (change: Partial<Asked>) => void
}) {
  const words = spoken(WORDS)
  const open = detail.dimensions.filter(name => !asked.parts.some(part => part.dimension === name))
  const by = open.includes(asked.by) ? asked.by : open[0]
  const [order, setOrder] = useState<Order>('change')
  const answer = useHeld(
    useAnswer<Value>(by === undefined ? null : segmentsPath(detail.id, asked, by), REFRESH_MS),
    `${detail.id} ${by}`,
  )
  if (by === undefined) return null
  return (
    <section class="panel" aria-labelledby="segments-title" aria-busy={answer.value === null || answer.isOld}>
      <div class="panel-head">
        <h2 id="segments-title">{words.title}</h2>
        <label>
          {words.by}
          <select id="segment-by" value={by} onChange={event => onChange({ by: event.currentTarget.value })}>
            {open.map(name => (
              <option key={name} value={name}>
                {nameOf(name)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words.order}
          <select id="segment-order" value={order} onChange={event => setOrder(event.currentTarget.value as Order)}>
            {ORDERS.map(one => (
              <option key={one} value={one}>
                {words.orders[one]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Answered answer={answer}>
        {shown => (
          <Table
            value={shown}
            by={by}
            order={order}
            onPick={segment => onChange({ parts: withPart(asked.parts, { dimension: by, values: [segment] }) })}
          />
        )}
      </Answered>
    </section>
  )
}

/** Custom dimensions are asked for as `properties.name`. */
export const nameOf = (dimension: string): string => dimension.replace(/^properties\./, '')

function Table({
  value,
  by,
  order,
  onPick,
}: {
  value: Value
  by: string
  order: Order
  onPick: (segment: string) => void
}) {
  const words = spoken(WORDS)
  const [all, setAll] = useState(false)
  const groups = (value.groups ?? []).toSorted(byOrder(order))
  if (groups.length === 0) return <p class="aside">{words.none}</p>
  const rows = all ? groups : groups.slice(0, FIRST_ROWS)
  const has = {
    interval: groups.some(group => group.interval !== null),
    target: groups.some(group => group.target !== null),
  }
  const largest = Math.max(...groups.map(group => Math.abs(group.value ?? 0)))
  return (
    <>
      <Wide label={words.caption(nameOf(by))}>
        <table class="figures">
          <caption>{words.caption(nameOf(by))}</caption>
          <thead>
            <tr>
              <th scope="col">{nameOf(by)}</th>
              <th scope="col">{words.value}</th>
              <th scope="col">{words.change}</th>
              <th scope="col">n</th>
              {has.interval && <th scope="col">{words.interval}</th>}
              {has.target && <th scope="col">{words.target}</th>}
              {has.target && (
                <th scope="col" class="words">
                  {words.status}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map(group => {
              const segment = group.by[by] ?? ''
              return (
                <tr key={segment} data-segment={segment}>
                  <th scope="row">
                    <button
                      type="button"
                      class="link"
                      title={words.only(segment || words.unnamed)}
                      onClick={() => onPick(segment)}
                    >
                      {segment || words.unnamed}
                    </button>
                  </th>
                  <td class="value">
                    {group.value === null ? (
                      <small>{reasonWord(group.reason)}</small>
                    ) : (
                      <>
                        {formatValue(group.value, value.unit)}
                        <span
                          class="bar"
                          aria-hidden="true"
                          style={{ width: `${largest === 0 ? 0 : (100 * Math.abs(group.value)) / largest}%` }}
                        />
                      </>
                    )}
                  </td>
                  <td>
                    <Moved group={group} unit={value.unit} />
                  </td>
                  <td>{formatCount(group.n)}</td>
                  {has.interval && (
                    <td class="quiet">
                      {group.interval === null
                        ? ''
                        : `${formatValue(group.interval[0] as number, value.unit)} – ${formatValue(group.interval[1] as number, value.unit)}`}
                    </td>
                  )}
                  {has.target && <td>{group.target === null ? '' : formatValue(group.target, value.unit)}</td>}
                  {has.target && (
                    <td class="words">
                      <Status status={group.status} />
                    </td>
                  )}
                </tr>
              )
            })}
          </tbody>
        </table>
      </Wide>
      {groups.length > rows.length && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          {words.more(groups.length)}
        </button>
      )}
      {value.truncated === true && <p class="aside">{words.truncated}</p>}
    </>
  )
}

function Moved({ group, unit }: { group: Group; unit: string }) {
  const words = spoken(WORDS)
  const { value, previous } = group
  if (previous === undefined || previous.value === null || value === null) return null
  const { change } = previous
  return (
    <span title={`${words.before}: ${formatValue(previous.value, unit)}`}>
      {change === null ? formatValue(value - previous.value, unit, { signed: true }) : formatChange(change)}
    </span>
  )
}
