import type { Answer } from '@kivi/client'
import { useAnswer } from '../../api/use-answer.ts'
import { formatWindow } from '../../format/times.ts'
import '../../parts/analysis.css'
import { Answered } from '../../parts/answered.tsx'
import { Choice, useChoice } from '../../parts/choice.tsx'
import { CsvButton } from '../../parts/save-button.tsx'
import { spoken } from '../../settings/language.ts'
import { Reasons } from './reasons.tsx'
import { WORDS } from './words.ts'
import { Worth } from './worth.tsx'

const WINDOWS = ['30d', '7d', '90d'] as const
const METHODS = ['limits', 'quantiles'] as const

/** What customers are worth by group, and what those who left spoke of before. */
export default function SegmentsPage() {
  const words = spoken(WORDS)
  const [window, setWindow] = useChoice('window', WINDOWS)
  const [method, setMethod] = useChoice('method', METHODS)
  const worthPath = `/v1/segments/value?${new URLSearchParams({ window, method })}`
  const reasonsPath = `/v1/churn-reasons?${new URLSearchParams({ window })}`
  const worth = useAnswer<Answer<'valueSegments'>>(worthPath, 30_000)
  const reasons = useAnswer<Answer<'churnReasons'>>(reasonsPath, 60_000)
  return (
    <div class="analysis" aria-busy={worth.value === null}>
      <div class="title">
        <h1>{words.title}</h1>
        <div class="choices">
          <Choice label={words.window} values={WINDOWS} value={window} told={formatWindow} onChange={setWindow} />
          <Choice
            label={words.method}
            values={METHODS}
            value={method}
            told={one => words.methods[one]}
            onChange={setMethod}
          />
        </div>
      </div>
      <section class="panel" data-part="worth">
        <h2>{words.worth}</h2>
        <p class="about">{words.worthAbout[method]}</p>
        <Answered answer={worth}>
          {shown => (
            <>
              <Worth answer={shown} />
              <p class="downloads">
                <CsvButton path={worthPath} name={`value-segments-${window}`} />
              </p>
            </>
          )}
        </Answered>
      </section>
      <section class="panel" data-part="reasons">
        <h2>{words.why}</h2>
        <p class="about">{words.whyAbout}</p>
        <Answered answer={reasons}>
          {shown => (
            <>
              <Reasons answer={shown} />
              <p class="downloads">
                <CsvButton path={reasonsPath} name={`churn-reasons-${window}`} />
              </p>
            </>
          )}
        </Answered>
      </section>
    </div>
  )
}
