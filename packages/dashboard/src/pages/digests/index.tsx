import type { Answer } from '@kivi/client'
import { useAnswer } from '../../api/use-answer.ts'
import '../../parts/analysis.css'
import { Answered } from '../../parts/answered.tsx'
import { spoken } from '../../settings/language.ts'
import './digests.css'
import { DigestList } from './list.tsx'
import { Report } from './report.tsx'
import { WORDS } from './words.ts'

const REFRESH_MS = 30_000

/** All digests, or one report of the digest that the address names. */
export default function DigestsPage({ params }: { params: Record<string, string> }) {
  const words = spoken(WORDS)
  const listed = useAnswer<Answer<'digests'>>('/v1/digests?limit=500', REFRESH_MS)
  const id = params['id']
  return (
    <div class="analysis digests" aria-busy={listed.value === null && listed.refused === null}>
      <Answered answer={listed}>
        {({ items }) =>
          items.length === 0 ? (
            <div class="empty">
              <h1>{words.none}</h1>
              <p>{words.noneAbout}</p>
            </div>
          ) : id === undefined ? (
            <DigestList digests={items} />
          ) : (
            <Report key={id} id={id} all={items} />
          )
        }
      </Answered>
    </div>
  )
}
