import { useState } from 'preact/hooks'
import { useAnswer } from '../../../api/use-answer.ts'
import { formatDifference } from '../../../format/difference.ts'
import { formatValue } from '../../../format/numbers.ts'
import { Answered } from '../../../parts/answered.tsx'
import { spoken, type Words } from '../../../settings/language.ts'
import type { Drivers as Answer, Detail } from '../answers.ts'
import type { Asked } from '../asked.ts'
import { Children } from './children.tsx'
import './drivers.css'
import { Wide } from '../../../parts/wide.tsx'
import { driversPath } from '../questions.ts'
import { useHeld } from '../use-held.ts'
import { nameOf } from './segments.tsx'
import './figures.css'

type Split = Answer['segments'][number]
type Item = Split['items'][number]

interface DriverWords {
  readonly title: string
  readonly by: string
  readonly unmoved: string
  readonly moved: (difference: string, before: string, now: string) => string
  readonly most: (segment: string, difference: string) => string
  readonly parts: (rate: string, mix: string) => string
  readonly captions: Readonly<Record<Split['method'], string>>
  readonly before: string
  readonly now: string
  readonly share: string
  readonly rate: string
  readonly mix: string
  readonly unnamed: string
  readonly none: string
}

const WORDS: Words<DriverWords> = {
  en: {
    title: 'Why did it move?',
    by: 'By',
    unmoved: 'There is nothing before this window to compare it with.',
    moved: (difference, before, now) => `${difference} against the window before: ${before} became ${now}.`,
    most: (segment, difference) => `Most of it came from ${segment}: ${difference}`,
    parts: (rate, mix) => ` (its own rate ${rate}, its weight ${mix}).`,
    captions: {
      mix_and_rate:
        'Each segment’s part of the change: by its own rate (solid), and by its weight in the whole (hatched). The parts add up.',
      contribution: 'Each segment’s part of the change. The parts add up.',
      values: 'The segments side by side: of this indicator they do not add up.',
    },
    before: 'Before',
    now: 'Now',
    share: 'Part of the change',
    rate: 'Rate',
    mix: 'Weight',
    unnamed: '(none)',
    none: 'No segment was there in either window.',
  },
  zh: {
    title: '为何变化？',
    by: '维度',
    unmoved: '此窗口之前没有可对比的数据。',
    moved: (difference, before, now) => `较上一窗口 ${difference}：由 ${before} 变为 ${now}。`,
    most: (segment, difference) => `主要来自 ${segment}：${difference}`,
    parts: (rate, mix) => `（自身比率 ${rate}，权重 ${mix}）。`,
    captions: {
      mix_and_rate: '各段对变化的贡献：自身比率（实心）与其在整体中的权重（斜纹）；各部分相加等于总变化。',
      contribution: '各段对变化的贡献；各部分相加等于总变化。',
      values: '各段并列对照：该指标的各段不可相加。',
    },
    before: '之前',
    now: '现在',
    share: '对变化的贡献',
    rate: '比率',
    mix: '权重',
    unnamed: '（无）',
    none: '两个窗口内均无细分。',
  },
}

const REFRESH_MS = 30_000
const MOST_ROWS = 8

/** Which segments moved the indicator, and which of its children drag. */
export function Drivers({ detail, asked }: { detail: Detail; asked: Asked }) {
  const words = spoken(WORDS)
  const dimensions = detail.dimensions.filter(name => !asked.parts.some(part => part.dimension === name))
  const [chosen, choose] = useState('')
  const by = dimensions.includes(chosen) ? chosen : (dimensions[0] ?? '')
  const answer = useHeld(useAnswer<Answer>(driversPath(detail.id, asked, by), REFRESH_MS), detail.id)
  return (
    <>
      <section class="panel" aria-labelledby="drivers-title" aria-busy={answer.value === null || answer.isOld}>
        <div class="panel-head">
          <h2 id="drivers-title">{words.title}</h2>
          {dimensions.length > 0 && (
            <label>
              {words.by}
              <select id="driver-by" value={by} onChange={event => choose(event.currentTarget.value)}>
                {dimensions.map(name => (
                  <option key={name} value={name}>
                    {nameOf(name)}
                  </option>
                ))}
              </select>
            </label>
          )}
        </div>
        <Answered answer={answer}>{shown => <Told answer={shown} unit={detail.unit} />}</Answered>
      </section>
      {answer.value !== null && answer.value.children.length > 0 && <Children answer={answer.value} />}
    </>
  )
}

function Told({ answer, unit }: { answer: Answer; unit: string }) {
  const words = spoken(WORDS)
  const { value, previous, change } = answer
  const [split] = answer.segments
  return (
    <>
      <p class="why">
        {change === null || value === null || previous.value === null
          ? words.unmoved
          : words.moved(
              formatDifference(change, unit),
              formatValue(previous.value, unit),
              formatValue(value, unit),
            )}{' '}
        {change !== null && split !== undefined && <Most split={split} unit={unit} />}
      </p>
      {split !== undefined && <SplitTable split={split} unit={unit} />}
    </>
  )
}

function Most({ split, unit }: { split: Split; unit: string }) {
  const words = spoken(WORDS)
  const [item] = split.items
  if (item === undefined || item.total === null || item.total === 0) return null
  return (
    <>
      {words.most(item.value || words.unnamed, formatDifference(item.total, unit))}
      {item.rate === null || item.mix === null
        ? '.'
        : words.parts(formatDifference(item.rate, unit), formatDifference(item.mix, unit))}
    </>
  )
}

function SplitTable({ split, unit }: { split: Split; unit: string }) {
  const words = spoken(WORDS)
  const rows = split.items.slice(0, MOST_ROWS)
  if (rows.length === 0) return <p class="aside">{words.none}</p>
  const isSplit = split.method !== 'values'
  const isRatio = split.method === 'mix_and_rate'
  const far = Math.max(...rows.flatMap(({ mix, rate, total }) => [mix, rate, total].map(part => Math.abs(part ?? 0))))
  const told = (value: number | null) => (value === null ? '' : formatValue(value, unit))
  return (
    <Wide label={words.captions[split.method]}>
      <table class="figures drivers">
        <caption>{words.captions[split.method]}</caption>
        <thead>
          <tr>
            <th scope="col">{nameOf(split.dimension)}</th>
            <th scope="col">{words.before}</th>
            <th scope="col">{words.now}</th>
            {isSplit && <th scope="col">{words.share}</th>}
            {isSplit && (
              <td class="pull" aria-hidden="true">
                <span class="visually-hidden">{words.share}</span>
              </td>
            )}
            {isRatio && <th scope="col">{words.rate}</th>}
            {isRatio && <th scope="col">{words.mix}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(item => (
            <tr key={item.value} data-segment={item.value}>
              <th scope="row">{item.value || words.unnamed}</th>
              <td>{told(item.before)}</td>
              <td>{told(item.now)}</td>
              {isSplit && <td class="value">{item.total === null ? '' : formatDifference(item.total, unit)}</td>}
              {isSplit && (
                <td class="pull" aria-hidden="true">
                  <Pull item={item} far={far} />
                </td>
              )}
              {isRatio && <td class="quiet">{item.rate === null ? '' : formatDifference(item.rate, unit)}</td>}
              {isRatio && <td class="quiet">{item.mix === null ? '' : formatDifference(item.mix, unit)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}

/** Bars to the left and right of nothing: one for what adds up, two for rate and weight. */
function Pull({ item, far }: { item: Item; far: number }) {
  const bars =
    item.rate === null || item.mix === null
      ? ([['total', item.total]] as const)
      : ([
          ['rate', item.rate],
          ['mix', item.mix],
        ] as const)
  return (
    <div class="pulls">
      {bars.map(([name, size]) => {
        const part = far === 0 || size === null ? 0 : (50 * size) / far
        return (
          <span
            key={name}
            class={`pull-bar ${name}`}
            style={{ left: `${50 + Math.min(0, part)}%`, width: `${Math.abs(part)}%` }}
          />
        )
      })}
    </div>
  )
}
