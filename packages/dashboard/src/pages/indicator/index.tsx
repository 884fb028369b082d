import { useAnswer } from '../../api/use-answer.ts'
import { nameIn, useIndicators } from '../../api/use-indicators.ts'
import { Answered, Problem } from '../../parts/answered.tsx'
import type { Detail, Value } from './answers.ts'
import { useAsked } from './asked.ts'
import { Course } from './course/course.tsx'
import { Controls } from './head/controls.tsx'
import { Head } from './head/head.tsx'
import './indicator.css'
import { Definition } from './definition.tsx'
import { detailPath, valuePath } from './questions.ts'
import { Drivers } from './segments/drivers.tsx'
import { Segments } from './segments/segments.tsx'
import { useHeld } from './use-held.ts'
import { usePlace } from './use-place.ts'

const SLOW_MS = 60_000

/** One indicator: how it stands, how it went, what moved it, what it is, what was set and done. */
export default function IndicatorPage({ params }: { params: Readonly<Record<string, string>> }) {
  const id = params['id'] ?? ''
  const detail = useAnswer<Detail>(detailPath(id), SLOW_MS)
  return (
    <div id="indicator" aria-busy={detail.value === null && detail.refused === null}>
      <Answered answer={detail}>{shown => <Shown key={shown.id} detail={shown} />}</Answered>
    </div>
  )
}

function Shown({ detail }: { detail: Detail }) {
  const [asked, change] = useAsked()
  const indicators = useIndicators()
  const isPlaced = usePlace()
  const value = useHeld(useAnswer<Value>(valuePath(detail.id, asked)), detail.id)
  const second = useAnswer<Detail>(asked.second === '' ? null : detailPath(asked.second), SLOW_MS)
  const answered = value.value === null ? null : { from: Date.parse(value.value.from), to: Date.parse(value.value.to) }
  return (
    <>
      <Head
        detail={detail}
        value={value.value}
        compare={asked.compare}
        parentLabel={detail.parent === null ? null : nameIn(indicators, detail.parent)}
        leads={false}
      />
      <Controls detail={detail} asked={asked} answered={answered} onChange={change} />
      {value.refused !== null && <Problem refused={value.refused} onAgain={value.again} />}
      {answered !== null && isPlaced && (
        <Course detail={detail} asked={asked} answered={answered} second={second.value} marks={[]} onChange={change} />
      )}
      {second.refused !== null && <Problem refused={second.refused} />}
      <div class="columns">
        <div>
          <Segments detail={detail} asked={asked} onChange={change} />
          <Drivers detail={detail} asked={asked} />
        </div>
        <div>
          <Definition detail={detail} />
        </div>
      </div>
    </>
  )
}
