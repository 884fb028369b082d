import type { Answer } from '@kivi/client'
import { useLocation, useSearchParams } from 'wouter-preact'
import { useAnswer } from '../../api/use-answer.ts'
import { formatLength, formatMinute, formatWindow } from '../../format/times.ts'
import '../../parts/analysis.css'
import { Answered } from '../../parts/answered.tsx'
import { Choice, useChoice } from '../../parts/choice.tsx'
import { CsvButton } from '../../parts/save-button.tsx'
import { spoken, told } from '../../settings/language.ts'
import './funnels.css'
import { Groups } from './groups.tsx'
import { Steps } from './steps.tsx'
import { WORDS } from './words.ts'

const WINDOWS = ['30d', '7d', '1d'] as const

type Listed = Answer<'funnels'>['items'][number]

/** How far persons come on a way of several steps, and where they are lost. */
export default function FunnelsPage({ params }: { params: Record<string, string> }) {
  const words = spoken(WORDS)
  const listed = useAnswer<Answer<'funnels'>>('/v1/funnels?limit=500', 60_000)
  return (
    <div class="analysis" aria-busy={listed.value === null}>
      <Answered answer={listed}>
        {({ items }) => {
          const funnel = items.find(one => one.id === params['id']) ?? items[0]
          return funnel === undefined ? (
            <div class="empty">
              <h1>{words.none}</h1>
              <p>{words.noneAbout}</p>
            </div>
          ) : (
            <OneFunnel key={funnel.id} funnel={funnel} all={items} />
          )
        }}
      </Answered>
    </div>
  )
}

function OneFunnel({ funnel, all }: { funnel: Listed; all: readonly Listed[] }) {
  const words = spoken(WORDS)
  const [, go] = useLocation()
  const [parameters] = useSearchParams()
  const [window, setWindow] = useChoice('window', WINDOWS)
  const [by, setBy] = useChoice<string>('by', ['', ...funnel.dimensions])
  const query = new URLSearchParams({ window, ...(by === '' ? {} : { by }) })
  const path = `/v1/funnels/${encodeURIComponent(funnel.id)}?${query}`
  const answer = useAnswer<Answer<'funnel'>>(path, 15_000)
  const rest = parameters.size === 0 ? '' : `?${parameters}`
  return (
    <>
      <div class="title">
        <h1>{told(funnel.label)}</h1>
        <div class="choices">
          {all.length > 1 && (
            <Choice
              label={words.funnel}
              values={all.map(one => one.id)}
              value={funnel.id}
              told={id => told(all.find(one => one.id === id)?.label ?? { en: id, zh: id })}
              onChange={id => go(`/funnels/${encodeURIComponent(id)}${rest}`)}
            />
          )}
          <Choice label={words.window} values={WINDOWS} value={window} told={formatWindow} onChange={setWindow} />
          {funnel.dimensions.length > 0 && (
            <Choice
              label={words.by}
              values={['', ...funnel.dimensions]}
              value={by}
              told={dimension => dimension || words.everybody}
              onChange={setBy}
            />
          )}
        </div>
      </div>
      <p class="about">
        {words.about} {words.within(formatLength(funnel.within))}
      </p>
      <Answered answer={answer}>
        {shown => (
          <>
            <section class="panel">
              <Steps steps={shown.steps} />
              <Notes answer={shown} />
              <p class="downloads">
                <CsvButton path={path} name={`funnel-${funnel.id}`} />
              </p>
            </section>
            {shown.groups !== undefined && by !== '' && (
              <Groups groups={shown.groups} dimension={by} truncated={shown.truncated === true} />
            )}
          </>
        )}
      </Answered>
    </>
  )
}

function Notes({ answer }: { answer: Answer<'funnel'> }) {
  const words = spoken(WORDS)
  const until = answer.provisional_until
  return (
    <p class="quiet">
      {!answer.complete && <span>{words.incomplete} </span>}
      {until != null && Date.parse(until) > Date.parse(answer.watermark ?? answer.to) && (
        <span>{words.provisional(formatMinute(until))}</span>
      )}
    </p>
  )
}
