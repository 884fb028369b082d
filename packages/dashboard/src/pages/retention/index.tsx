import { useAnswer } from '../../api/use-answer.ts'
import '../../parts/analysis.css'
import { Answered } from '../../parts/answered.tsx'
import { Choice, useChoice } from '../../parts/choice.tsx'
import { CsvButton } from '../../parts/save-button.tsx'
import { spoken } from '../../settings/language.ts'
import './retention.css'
import type { Retention } from './shown.ts'
import { Triangle } from './triangle.tsx'
import { PERIODS, WAYS, type Way, WORDS } from './words.ts'

/** What makes a person belong to a cohort, and what counts as being back: fields of the shipped entity `person`. */
const FIELDS: Readonly<Record<Way, { readonly first: string; readonly again: string }>> = {
  orders: { first: 'purchases', again: 'purchases' },
  activity: { first: 'active', again: 'active' },
  signup: { first: 'signed_up', again: 'active' },
}
const RULES = ['on', 'on_or_after'] as const
const SHOWS = ['share', 'count'] as const

/** The cohort triangle. */
export default function RetentionPage() {
  const words = spoken(WORDS)
  const [way, setWay] = useChoice('way', WAYS)
  const [period, setPeriod] = useChoice('period', PERIODS)
  const [rule, setRule] = useChoice('rule', RULES)
  const [show, setShow] = useChoice('show', SHOWS)
  const path = `/v1/cohorts/retention?${new URLSearchParams({ ...FIELDS[way], period, rule })}`
  const answer = useAnswer<Retention>(path, 30_000)
  return (
    <div class="analysis" aria-busy={answer.value === null}>
      <div class="title">
        <h1>{words.title}</h1>
        <div class="choices">
          <Choice label={words.way} values={WAYS} value={way} told={one => words.ways[one]} onChange={setWay} />
          <Choice
            label={words.period}
            values={PERIODS}
            value={period}
            told={one => words.periods[one]}
            onChange={setPeriod}
          />
          <Choice label={words.rule} values={RULES} value={rule} told={one => words.rules[one]} onChange={setRule} />
          <Choice label={words.show} values={SHOWS} value={show} told={one => words.shows[one]} onChange={setShow} />
        </div>
      </div>
      <p class="about">{words.about}</p>
      <Answered answer={answer}>
        {shown => (
          <section class="panel">
            <Triangle answer={shown} show={show} />
            <p class="downloads">
              <CsvButton path={path} name={`retention-${way}-${period}`} />
            </p>
          </section>
        )}
      </Answered>
    </div>
  )
}
