import type { Answer } from '@kivi/client'
import { useState } from 'preact/hooks'
import { useAnswer } from '../../api/use-answer.ts'
import { type Action, ActionForm } from '../../parts/actions/action-form.tsx'
import { ActionList } from '../../parts/actions/action-list.tsx'
import { WORDS as ACTION_WORDS } from '../../parts/actions/words.ts'
import { Answered } from '../../parts/answered.tsx'
import { Offered, WhyBarred } from '../../parts/form/offered.tsx'
import { spoken } from '../../settings/language.ts'
import './actions-page.css'
import { NorthStar } from './north-star.tsx'
import { WORDS } from './words.ts'

const GROUPS = ['planned', 'done', 'cancelled'] as const

/** What leads, and everything that was done or is planned to move the numbers, with what followed. */
export default function ActionsPage() {
  const words = spoken(WORDS)
  const answer = useAnswer<Answer<'actions'>>('/v1/actions?limit=1000', 15_000)
  const [isOpen, setOpen] = useState(false)
  return (
    <div id="actions" aria-busy={answer.value === null && answer.refused === null}>
      <div class="panel-head page-head">
        <h1>{words.title}</h1>
        <Offered deed="action">
          <button type="button" id="record-action" onClick={() => setOpen(true)}>
            {spoken(ACTION_WORDS).record}
          </button>
        </Offered>
      </div>
      <WhyBarred deed="action" />
      <NorthStar />
      <Answered answer={answer}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="panel aside">{words.none}</p>
          ) : (
            GROUPS.map(status => (
              <Group
                key={status}
                title={words.groups[status]}
                actions={inOrder(items, status)}
                onChanged={answer.again}
              />
            ))
          )
        }
      </Answered>
      {isOpen && (
        <ActionForm
          action={null}
          onSaved={() => {
            setOpen(false)
            answer.again()
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </div>
  )
}

/** What comes next stands first, and of what was done the latest. */
function inOrder(items: readonly Action[], status: Action['status']): Action[] {
  const some = items.filter(action => action.status === status)
  return status === 'planned' ? some : some.toReversed()
}

function Group({ title, actions, onChanged }: { title: string; actions: readonly Action[]; onChanged: () => void }) {
  if (actions.length === 0) return null
  return (
    <section class="panel">
      <h2>{title}</h2>
      <ActionList actions={actions} onChanged={onChanged} />
    </section>
  )
}
