import { useAnswer } from '../../../api/use-answer.ts'
import { nameIn, useIndicators } from '../../../api/use-indicators.ts'
import { IndicatorPicker } from '../../../parts/indicator-picker.tsx'
import { spoken, type Words } from '../../../settings/language.ts'
import type { Correlations, Detail } from '../answers.ts'
import { correlationPath } from '../questions.ts'
import './second.css'

interface SecondWords {
  readonly search: string
  readonly placeholder: string
  readonly remove: (name: string) => string
  readonly title: string
  readonly few: (n: number) => string
  readonly none: string
  readonly together: (r: string, days: number) => string
  readonly follows: (y: string, x: string, days: number, r: string) => string
  readonly chance: string
  readonly sure: (low: string, high: string) => string
  readonly note: string
  readonly lags: string
  readonly lag: (days: number, r: string) => string
}

const WORDS: Words<SecondWords> = {
  en: {
    search: 'Second indicator',
    placeholder: 'Search…',
    remove: name => `Remove ${name}`,
    title: 'Do they move together?',
    few: n => `Too few days to tell: ${n} have both values, 60 are needed.`,
    none: 'They do not vary together.',
    together: (r, days) => `On the same day: r = ${r} over ${days} days.`,
    follows: (y, x, days, r) => `${y} follows ${x} after ${days} ${days === 1 ? 'day' : 'days'}: r = ${r}.`,
    chance: 'That may be chance.',
    sure: (low, high) => `95 % interval ${low} to ${high}.`,
    note: 'Two things that move together: neither is shown to cause the other.',
    lags: 'Correlation by lag in days',
    lag: (days, r) => `${days} days: ${r}`,
  },
  zh: {
    search: '第二指标',
    placeholder: '搜索…',
    remove: name => `移除 ${name}`,
    title: '二者是否同步变化？',
    few: n => `天数太少，无法判断：两者都有值的只有 ${n} 天，需要 60 天。`,
    none: '二者没有共同变化。',
    together: (r, days) => `同日：r = ${r}，共 ${days} 天。`,
    follows: (y, x, days, r) => `${y} 在 ${x} 之后 ${days} 天跟随变化：r = ${r}。`,
    chance: '这可能只是偶然。',
    sure: (low, high) => `95% 区间 ${low} 至 ${high}。`,
    note: '二者同步变化，并不说明谁导致谁。',
    lags: '按滞后天数的相关性',
    lag: (days, r) => `${days} 天：${r}`,
  },
}

/** Chooses another indicator for the same chart, or takes it away. */
export function SecondChoice({
  detail,
  second,
  onChange,
}: {
  detail: Detail
  second: string
  onChange: (id: string) => void
}) {
  const words = spoken(WORDS)
  const name = nameIn(useIndicators(), second)
  if (second === '')
    return (
      <IndicatorPicker label={words.search} placeholder={words.placeholder} without={[detail.id]} onPick={onChange} />
    )
  return (
    <div class="second-chosen">
      <span class="caption">{words.search}</span>
      <span class="chosen">
        {name}
        <button type="button" aria-label={words.remove(name)} onClick={() => onChange('')}>
          ×
        </button>
      </span>
    </div>
  )
}

const SLOW_MS = 60_000

/** How two indicators vary by day, and which of them follows the other. */
export function Correlation({ detail, second }: { detail: Detail; second: string }) {
  const words = spoken(WORDS)
  const indicators = useIndicators()
  const { value, refused } = useAnswer<Correlations>(correlationPath(detail.id, second), SLOW_MS)
  if (refused !== null) return <p class="aside">{refused.message}</p>
  if (value === null) return <p class="aside" aria-busy="true" />
  const { best, lags = [] } = value
  return (
    <div class="correlation">
      <h3>{words.title}</h3>
      {value.reason === 'too_few' ? (
        <p>{words.few(value.n)}</p>
      ) : best === null || best === undefined ? (
        <p>{words.none}</p>
      ) : (
        <>
          <p>{bestText(best, value.n, nameIn(indicators, detail.id), nameIn(indicators, second))}</p>
          <Lags lags={lags} best={best.lag} />
        </>
      )}
      <p class="aside">{words.note}</p>
    </div>
  )
}

type Lag = NonNullable<Correlations['lags']>[number]

const coefficient = (r: number): string => r.toFixed(2).replace('-', '−')

function bestText(best: Lag, days: number, x: string, y: string): string {
  const words = spoken(WORDS)
  const r = coefficient(best.r)
  const follows =
    best.lag === 0
      ? words.together(r, days)
      : best.lag > 0
        ? words.follows(y, x, best.lag, r)
        : words.follows(x, y, -best.lag, r)
  const [low, high] = best.interval ?? []
  const sure = low === undefined || high === undefined ? '' : ` ${words.sure(coefficient(low), coefficient(high))}`
  return `${follows}${sure}${best.p >= 0.05 ? ` ${words.chance}` : ''}`
}

const WIDTH = 12
const HEIGHT = 60

function Lags({ lags, best }: { lags: readonly Lag[]; best: number }) {
  const words = spoken(WORDS)
  const sorted = lags.toSorted((a, b) => a.lag - b.lag)
  const text = sorted.map(({ lag, r }) => words.lag(lag, coefficient(r))).join('; ')
  return (
    <figure class="lags">
      <svg viewBox={`0 0 ${WIDTH * sorted.length} ${HEIGHT}`} role="img" aria-label={`${words.lags}. ${text}`}>
        <line x1="0" x2={WIDTH * sorted.length} y1={HEIGHT / 2} y2={HEIGHT / 2} />
        {sorted.map(({ lag, r }, index) => (
          <rect
            key={lag}
            class={lag === best ? 'best' : undefined}
            x={WIDTH * index + 2}
            width={WIDTH - 4}
            y={HEIGHT / 2 - Math.max(0, r) * (HEIGHT / 2)}
            height={Math.max(0.5, Math.abs(r) * (HEIGHT / 2))}
          >
            <title>{words.lag(lag, coefficient(r))}</title>
          </rect>
        ))}
      </svg>
      <figcaption>
        <span>{sorted[0]?.lag}</span>
        <span>{words.lags}</span>
        <span>{sorted.at(-1)?.lag}</span>
      </figcaption>
    </figure>
  )
}
