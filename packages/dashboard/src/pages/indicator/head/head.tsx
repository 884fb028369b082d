import { Link } from 'wouter-preact'
import { formatChange, formatCount, formatShare, formatValue } from '../../../format/numbers.ts'
import { place } from '../../../format/place.ts'
import { formatMinute, formatMoment } from '../../../format/times.ts'
import { AlertMark } from '../../../parts/alert-mark.tsx'
import { toldStretch } from '../../../parts/chart/told-point.ts'
import { reasonWord } from '../../../parts/reason.ts'
import { Status } from '../../../parts/status.tsx'
import { TrendMark } from '../../../parts/trend-mark.tsx'
import { spoken, told, type Words } from '../../../settings/language.ts'
import type { Detail, Value } from '../answers.ts'
import './head.css'

interface HeadWords {
  readonly partOf: string
  readonly target: string
  readonly attained: (share: string) => string
  readonly interval: string
  readonly rests: string
  readonly perWeek: (slope: string) => string
  readonly noTrend: string
  readonly trend: string
  readonly compared: Readonly<Record<string, string>>
  readonly sameAs: string
  readonly complete: string
  readonly incomplete: string
  readonly provisional: string
  readonly provisionalUntil: (time: string) => string
  readonly revised: string
  readonly recorded: (time: string) => string
  readonly counted: (time: string) => string
  readonly northStar: string
}

const WORDS: Words<HeadWords> = {
  en: {
    partOf: 'Part of',
    target: 'Target',
    attained: share => `${share} attained`,
    interval: '95 % interval',
    rests: 'Rests on',
    perWeek: slope => `${slope} a week`,
    noTrend: 'fewer than eight whole weeks',
    trend: 'Trend',
    compared: { '': 'than before', week: 'than a week earlier', year: 'than a year earlier' },
    sameAs: 'was',
    complete: 'complete',
    incomplete: 'still counting',
    provisional: 'may still change',
    provisionalUntil: time => `may still change until ${time}`,
    revised: 'revised by late events',
    recorded: time => `recorded ${time}`,
    counted: time => `counted up to ${time}`,
    northStar: 'North Star',
  },
  zh: {
    partOf: '隶属于',
    target: '目标',
    attained: share => `完成率 ${share}`,
    interval: '95% 区间',
    rests: '样本量',
    perWeek: slope => `每周 ${slope}`,
    noTrend: '完整周不足八周',
    trend: '趋势',
    compared: { '': '较上一窗口', week: '较一周前', year: '较一年前' },
    sameAs: '原为',
    complete: '数据完整',
    incomplete: '仍在统计',
    provisional: '仍可能变化',
    provisionalUntil: time => `${time} 之前仍可能变化`,
    revised: '因迟到事件而修正',
    recorded: time => `记录于 ${time}`,
    counted: time => `已统计至 ${time}`,
    northStar: '北极星指标',
  },
}

/** What an indicator is, and how the chosen window stands: the number first, then how far it can be trusted. */
export function Head({
  detail,
  value,
  compare,
  parentLabel,
  leads,
  isStale,
}: {
  detail: Detail
  value: Value | null
  compare: string
  parentLabel: string | null
  leads: boolean
  /** no newer answer comes */
  isStale: boolean
}) {
  const words = spoken(WORDS)
  return (
    <header class="indicator-head">
      {detail.parent !== null && (
        <p class="crumb">
          {words.partOf}{' '}
          <Link href={`/indicators/${encodeURIComponent(detail.parent)}`}>{parentLabel ?? detail.parent}</Link>
        </p>
      )}
      <div class="name">
        <h1>{told(detail.label)}</h1>
        {value !== null && <Status status={value.status} />}
        <AlertMark indicator={detail.id} />
        {leads && <span class="leads">★ {words.northStar}</span>}
      </div>
      {told(detail.description) !== '' && <p class="description">{told(detail.description)}</p>}
      {value !== null && (
        <div class={isStale ? 'stale' : undefined}>
          <Standing detail={detail} value={value} compare={compare} />
        </div>
      )}
    </header>
  )
}

function Standing({ detail, value, compare }: { detail: Detail; value: Value; compare: string }) {
  const { unit } = value
  return (
    <div class="panel standing">
      <div class="number">
        <p class="when">{toldStretch(Date.parse(value.from), Date.parse(value.to), place.value.timezone)}</p>
        {value.value === null ? (
          <p class="value none">{reasonWord(value.reason)}</p>
        ) : (
          <p class="value" title={formatValue(value.value, unit, { digits: 'full' })}>
            {formatValue(value.value, unit)}
          </p>
        )}
        {value.previous !== undefined && <Change detail={detail} value={value} compare={compare} />}
      </div>
      <Facts detail={detail} value={value} />
    </div>
  )
}

function Change({ detail, value, compare }: { detail: Detail; value: Value; compare: string }) {
  const words = spoken(WORDS)
  const { previous } = value
  if (previous === undefined || previous.value === null) return null
  const { change } = previous
  const good = change === null || change === 0 ? '' : change > 0 === (detail.better === 'higher') ? ' good' : ' bad'
  return (
    <p class="change">
      {change !== null && (
        <>
          <strong class={`trend${good}`}>{formatChange(change)}</strong> {words.compared[compare] ?? ''}
          {' · '}
        </>
      )}
      {words.sameAs} {formatValue(previous.value, value.unit)}
    </p>
  )
}

function Facts({ detail, value }: { detail: Detail; value: Value }) {
  const words = spoken(WORDS)
  const { unit, interval, trend } = value
  const sign = detail.better === 'higher' ? '≥' : '≤'
  return (
    <dl class="facts">
      {value.target !== null && (
        <div class="attained">
          <dt>{words.target}</dt>
          <dd>
            {sign} {formatValue(value.target, unit)}
            {value.attainment !== null && (
              <>
                <small>{words.attained(formatShare(value.attainment))}</small>
                <meter
                  class={value.status}
                  min={0}
                  max={1}
                  value={Math.min(1, value.attainment)}
                  aria-label={words.attained(formatShare(value.attainment))}
                />
              </>
            )}
          </dd>
        </div>
      )}
      <div>
        <dt>{words.trend}</dt>
        <dd>
          {trend === null ? (
            <small>{words.noTrend}</small>
          ) : (
            <>
              <TrendMark trend={trend} />{' '}
              <small>{words.perWeek(formatValue(trend.slope, unit, { signed: true }))}</small>
            </>
          )}
        </dd>
      </div>
      {interval !== null && (
        <div>
          <dt>{words.interval}</dt>
          <dd>
            {formatValue(interval[0] as number, unit)} – {formatValue(interval[1] as number, unit)}
          </dd>
        </div>
      )}
      <div>
        <dt>{words.rests}</dt>
        <dd>n = {formatCount(value.n)}</dd>
      </div>
      <div class="trust">
        <dt class="visually-hidden">{words.complete}</dt>
        <dd>
          <Trust value={value} />
        </dd>
      </div>
    </dl>
  )
}

function Trust({ value }: { value: Value }) {
  const words = spoken(WORDS)
  const { provisional_until: until } = value
  return (
    <ul>
      <li class={value.complete ? 'good' : 'marked'}>{value.complete ? words.complete : words.incomplete}</li>
      {value.provisional && (
        <li class="marked">{until === null ? words.provisional : words.provisionalUntil(formatMinute(until))}</li>
      )}
      {value.revised && <li class="marked">{words.revised}</li>}
      {value.recorded_at !== undefined && <li>{words.recorded(formatMinute(value.recorded_at))}</li>}
      {value.watermark !== null && <li>{words.counted(formatMoment(value.watermark))}</li>}
    </ul>
  )
}
