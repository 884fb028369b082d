import { useState } from 'preact/hooks'
import type { Answer } from '../../api/use-answer.ts'
import { ActionForm } from '../../parts/actions/action-form.tsx'
import { ActionList } from '../../parts/actions/action-list.tsx'
import { WORDS as ACTION_WORDS } from '../../parts/actions/words.ts'
import { Answered } from '../../parts/answered.tsx'
import { Offered, WhyBarred } from '../../parts/form/offered.tsx'
import { spoken, type Words } from '../../settings/language.ts'
import type { Detail, Actions as Listed } from './answers.ts'

const WORDS: Words<{ title: string; none: string }> = {
  en: { title: 'Actions', none: 'Nothing was recorded that was meant to move it.' },
  zh: { title: '措施', none: '尚未记录旨在影响它的措施。' },
}

/** What was done, or is planned, to move the indicator, and what followed. */
export function Actions({
  detail,
  answer,
  onChanged,
}: {
  detail: Detail
  answer: Answer<Listed>
  onChanged: () => void
}) {
  const words = spoken(WORDS)
  const [isOpen, setOpen] = useState(false)
  return (
    <section class="panel" aria-labelledby="actions-title">
      <div class="panel-head">
        <h2 id="actions-title">{words.title}</h2>
        <Offered deed="action">
          <button type="button" id="record-action" onClick={() => setOpen(true)}>
            {spoken(ACTION_WORDS).record}
          </button>
        </Offered>
      </div>
      <WhyBarred deed="action" />
      <Answered answer={answer}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="aside">{words.none}</p>
          ) : (
            <ActionList actions={items.toReversed()} indicator={detail.id} onChanged={onChanged} />
          )
        }
      </Answered>
      {isOpen && (
        <ActionForm
          action={null}
          indicator={detail.id}
          onSaved={() => {
            setOpen(false)
            onChanged()
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </section>
  )
}
