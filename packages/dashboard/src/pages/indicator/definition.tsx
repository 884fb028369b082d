import { Link } from 'wouter-preact'
import { useIndicators } from '../../api/use-indicators.ts'
import { levelWord } from '../../format/levels.ts'
import { formatList, formatShare, formatValue } from '../../format/numbers.ts'
import { formatLength } from '../../format/times.ts'
import { spoken, told, type Words } from '../../settings/language.ts'
import type { Detail } from './answers.ts'
import './definition.css'
import { nameOf } from './segments/segments.tsx'

interface DefinitionWords {
  readonly title: string
  readonly formula: string
  readonly better: string
  readonly betters: Readonly<Record<Detail['better'], string>>
  readonly strategy: string
  readonly owner: string
  readonly level: string
  readonly window: string
  readonly dimensions: string
  readonly source: string
  readonly benchmarks: string
  readonly recorded: string
  readonly every: (length: string) => string
  readonly atRisk: string
  readonly within: (share: string) => string
  readonly least: string
  readonly measures: string
  readonly of: string
  readonly version: string
}

const WORDS: Words<DefinitionWords> = {
  en: {
    title: 'Definition',
    formula: 'Formula',
    better: 'Better is',
    betters: { higher: 'more', lower: 'less' },
    strategy: 'What it is for',
    owner: 'Owner',
    level: 'Level',
    window: 'Own window',
    dimensions: 'Dimensions',
    source: 'Where it comes from',
    benchmarks: 'Benchmarks',
    recorded: 'Recorded',
    every: length => `every ${length}`,
    atRisk: 'At risk',
    within: share => `within ${share} of the target`,
    least: 'Judged from',
    measures: 'Measures behind it',
    of: 'of',
    version: 'Version',
  },
  zh: {
    title: '定义',
    formula: '公式',
    better: '方向',
    betters: { higher: '越高越好', lower: '越低越好' },
    strategy: '用途',
    owner: '负责人',
    level: '层级',
    window: '自身窗口',
    dimensions: '维度',
    source: '来源',
    benchmarks: '基准',
    recorded: '定期记录',
    every: length => `每 ${length}`,
    atRisk: '有风险',
    within: share => `距目标 ${share} 以内`,
    least: '判定所需样本',
    measures: '所用度量',
    of: '来自',
    version: '版本',
  },
}

/** What the indicator is: formula, measures, events, and whose it is. */
export function Definition({ detail }: { detail: Detail }) {
  const words = spoken(WORDS)
  const { unit } = detail
  const rows: ReadonlyArray<readonly [string, string | null]> = [
    [words.better, words.betters[detail.better]],
    [words.strategy, detail.strategy],
    [words.owner, detail.owner],
    [words.level, detail.level === null ? null : levelWord(detail.level)],
    [words.window, formatLength(detail.window)],
    [words.dimensions, detail.dimensions.length === 0 ? null : formatList(detail.dimensions.map(nameOf))],
    [words.atRisk, words.within(formatShare(detail.at_risk_within))],
    [words.least, detail.minimum_volume === null ? null : `n ≥ ${detail.minimum_volume}`],
    [words.recorded, detail.record === null ? null : words.every(formatLength(detail.record.every))],
    [words.source, detail.source],
    [words.version, detail.version],
  ]
  return (
    <section class="panel definition" aria-labelledby="definition-title">
      <h2 id="definition-title">{words.title}</h2>
      <p class="formula">
        <span class="visually-hidden">{words.formula}: </span>
        <code>
          {detail.id} = <Formula text={detail.formula} of={detail.id} />
        </code>
      </p>
      <dl>
        {rows.flatMap(([name, text]) =>
          text === null
            ? []
            : [
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{text}</dd>
                </div>,
              ],
        )}
        {detail.benchmarks.length > 0 && (
          <div>
            <dt>{words.benchmarks}</dt>
            <dd>
              {detail.benchmarks.map(({ label, value, upper, source }) => (
                <p key={`${label.en} ${value}`}>
                  {told(label)}: {formatValue(value, unit)}
                  {upper !== null && ` – ${formatValue(upper, unit)}`} <small>({source})</small>
                </p>
              ))}
            </dd>
          </div>
        )}
      </dl>
      <details>
        <summary>
          {words.measures} ({detail.measures.length})
        </summary>
        <ul class="measures">
          {detail.measures.map(measure => (
            <li key={measure.id}>
              <code>{measure.id}</code> <Measure measure={measure} />
            </li>
          ))}
        </ul>
      </details>
    </section>
  )
}

/** The names in a formula lead to their pages, where the catalog has them. */
function Formula({ text, of }: { text: string; of: string }) {
  const indicators = useIndicators()
  return (
    <>
      {text.split(/([A-Za-z_]\w*)/).map((word, index) =>
        word !== of && indicators.has(word) ? (
          <Link key={index} href={`/indicators/${encodeURIComponent(word)}`}>
            {word}
          </Link>
        ) : (
          word
        ),
      )}
    </>
  )
}

function Measure({ measure }: { measure: Detail['measures'][number] }) {
  const words = spoken(WORDS)
  const { agg, expr, distinct, filter, events, of } = measure
  const about = events === undefined ? of : events.join(', ')
  return (
    <>
      {agg}
      {(expr ?? distinct) !== null && (
        <>
          {' '}
          <code>{expr ?? distinct}</code>
        </>
      )}
      {about !== undefined && ` ${words.of} ${about}`}
      {filter !== null && (
        <>
          {' · '}
          <code>{filter}</code>
        </>
      )}
    </>
  )
}
