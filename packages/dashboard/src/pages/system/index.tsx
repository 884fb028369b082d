import type { ComponentChildren } from 'preact'
import { useAnswer } from '../../api/use-answer.ts'
import '../../parts/analysis.css'
import { Answered } from '../../parts/answered.tsx'
import { spoken } from '../../settings/language.ts'
import { Facts, Kept, LastDay, Versions } from './facts.tsx'
import type { System } from './findings.ts'
import { Letters } from './letters.tsx'
import { Partitions } from './partitions.tsx'
import './system.css'
import { DerivedTables, Recorded } from './tables.tsx'
import { Verdict } from './verdict.tsx'
import { WORDS } from './words.ts'

const REFRESH_MS = 5000

/** How Kivi itself does, and what to do where it does badly. */
export default function SystemPage() {
  const words = spoken(WORDS)
  const answer = useAnswer<System>('/v1/system', REFRESH_MS)
  return (
    <div class="analysis system" aria-busy={answer.value === null && answer.refused === null}>
      <div class="title">
        <h1>{words.title}</h1>
      </div>
      <p class="about">{words.about}</p>
      <Answered answer={answer}>{system => <Parts system={system} />}</Answered>
    </div>
  )
}

function Parts({ system }: { system: System }) {
  const words = spoken(WORDS)
  const { partitions, last_day: day, dead_letters: letters, derived_tables: derived, recorded } = system
  return (
    <>
      <Verdict system={system} />
      <Facts system={system} />
      {partitions !== null && partitions.length > 0 && (
        <Part name="partitions" title={words.partitions} about={words.partitionsAbout}>
          <Partitions system={system} partitions={partitions} />
        </Part>
      )}
      {day !== null && (
        <Part name="day" title={words.day} about={words.dayAbout}>
          <LastDay day={day} />
        </Part>
      )}
      {letters !== null && (
        <Part name="letters" title={words.letters} about={words.lettersAbout}>
          <Letters letters={letters} />
        </Part>
      )}
      {derived !== null && derived.length > 0 && (
        <Part name="derived" title={words.derived} about={words.derivedAbout}>
          <DerivedTables tables={derived} />
        </Part>
      )}
      {recorded !== null && (
        <Part name="recorded" title={words.recorded} about={words.recordedAbout}>
          <Recorded recorded={recorded} />
        </Part>
      )}
      <div class="two">
        <Part name="kept" title={words.kept} about={words.keptAbout}>
          <Kept retention={system.retention_seconds} />
        </Part>
        <Part name="versions" title={words.versions}>
          <Versions versions={system.versions} />
        </Part>
      </div>
    </>
  )
}

function Part({
  name,
  title,
  about,
  children,
}: {
  name: string
  title: string
  about?: string
  children: ComponentChildren
}) {
  return (
    <section class="panel" data-part={name}>
      <h2>{title}</h2>
      {about !== undefined && <p class="about">{about}</p>}
      {children}
    </section>
  )
}
