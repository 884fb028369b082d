import { useState } from 'preact/hooks'
import { useAnswer } from '../../api/use-answer.ts'
import { nameIn, useIndicators } from '../../api/use-indicators.ts'
import { isPlaced } from '../../api/use-place.ts'
import { Answered, Problem } from '../../parts/answered.tsx'
import { Actions } from './actions.tsx'
import type { Detail, Actions as Listed, NorthStar, Value } from './answers.ts'
import { useAsked } from './asked.ts'
import { marksOf } from './course/chart-data.ts'
import { Course } from './course/course.tsx'
import { Definition } from './definition.tsx'
import { Controls } from './head/controls.tsx'
import { Head } from './head/head.tsx'
import './indicator.css'
import { actionsPath, detailPath, NORTH_STAR_PATH, valuePath } from './questions.ts'
import { Drivers } from './segments/drivers.tsx'
import { Segments } from './segments/segments.tsx'
import { Targets } from './targets/targets.tsx'
import { useHeld } from './use-held.ts'

const SLOW_MS = 60_000

/** One indicator: how it stands, how it went, what moved it, what it is, what was set and done. */
export default function IndicatorPage({ params }: { params: Readonly<Record<string, string>> }) {
  const id = params['id'] ?? ''
  const detail = useAnswer<Detail>(detailPath(id), SLOW_MS)
  return (
    <div id="indicator" aria-busy={detail.value === null && detail.refused === null}>
      <Answered answer={detail}>{shown => <Shown key={shown.id} detail={shown} onChanged={detail.again} />}</Answered>
    </div>
  )
}

function Shown({ detail, onChanged }: { detail: Detail; onChanged: () => void }) {
  const [asked, change] = useAsked()
  const indicators = useIndicators()
  const hasPlace = isPlaced()
  // what was set here is seen everywhere on the page at once
  const [round, setRound] = useState(0)
  const value = useHeld(useAnswer<Value>(valuePath(detail.id, asked)), detail.id)
  const second = useAnswer<Detail>(asked.second === '' ? null : detailPath(asked.second), SLOW_MS)
  const actions = useAnswer<Listed>(actionsPath(detail.id), SLOW_MS)
  const leading = useAnswer<NorthStar>(NORTH_STAR_PATH, SLOW_MS)
  const answered = value.value === null ? null : { from: Date.parse(value.value.from), to: Date.parse(value.value.to) }
  const changed = () => {
    onChanged()
    value.again()
    actions.again()
    setRound(before => before + 1)
  }
  return (
    <>
      <Head
        detail={detail}
        isStale={value.refused !== null}
        value={value.value}
        compare={asked.compare}
        parentLabel={detail.parent === null ? null : nameIn(indicators, detail.parent)}
        leads={leading.value?.indicators.includes(detail.id) ?? false}
      />
      <Controls detail={detail} asked={asked} answered={answered} onChange={change} />
      {value.refused !== null && <Problem refused={value.refused} onAgain={value.again} />}
      {answered !== null && hasPlace && (
        <Course
          detail={detail}
          asked={asked}
          answered={answered}
          second={second.value}
          marks={marksOf(actions.value)}
          round={round}
          onChange={change}
        />
      )}
      {second.refused !== null && <Problem refused={second.refused} />}
      <div class="columns">
        <div>
          {/* a window that cannot be answered cannot be split either: once is enough to say so */}
          {answered !== null && <Segments detail={detail} asked={asked} onChange={change} />}
          {answered !== null && <Drivers detail={detail} asked={asked} />}
        </div>
        <div>
          <Targets detail={detail} current={value.value?.value ?? null} onChanged={changed} />
          <Actions detail={detail} answer={actions} onChanged={changed} />
          <Definition detail={detail} />
        </div>
      </div>
    </>
  )
}
