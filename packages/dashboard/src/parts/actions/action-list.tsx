import { useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { nameIn, useIndicators } from '../../api/use-indicators.ts'
import { formatMinute } from '../../format/times.ts'
import { spoken } from '../../settings/language.ts'
import { Offered } from '../form/offered.tsx'
import { type Action, ActionForm } from './action-form.tsx'
import './actions.css'
import { Effect } from './effect.tsx'
import { WORDS } from './words.ts'

/** Actions with what followed them: of one indicator, or of all that each was meant to move. */
export function ActionList({
  actions,
  indicator,
  onChanged,
}: {
  actions: readonly Action[]
  indicator?: string
  onChanged: () => void
}) {
  const words = spoken(WORDS)
  const [changed, change] = useState<Action | null>(null)
  return (
    <>
      <ul class="action-list">
        {actions.map(action => (
          <li key={action.id} data-status={action.status}>
            <p class="what">
              <strong>{action.label}</strong>
              <span class={`pill action-state ${action.status}`}>{words.statuses[action.status]}</span>
            </p>
            <p class="quiet">
              {formatMinute(action.at)}
              {action.until !== null && ` – ${formatMinute(action.until)}`} · {words.by(action.owner)}
              {Object.entries(action.by).map(([dimension, segment]) => (
                <span key={dimension}>
                  {' · '}
                  {dimension.replace(/^properties\./, '')}: {segment}
                </span>
              ))}
            </p>
            {action.description !== '' && <p>{action.description}</p>}
            {indicator === undefined && <Links ids={action.indicators} />}
            <Effect action={action} {...(indicator === undefined ? {} : { indicator })} />
            <p class="foot">
              <small>{words.noted(action.set_by, formatMinute(action.set_at))}</small>
              <Offered deed="action">
                <button
                  type="button"
                  class="link"
                  aria-label={`${words.change}: ${action.label}`}
                  onClick={() => change(action)}
                >
                  {words.change}
                </button>
              </Offered>
            </p>
          </li>
        ))}
      </ul>
      {actions.some(action => action.status === 'done') && <p class="aside no-proof">{words.noProof}</p>}
      {changed !== null && (
        <ActionForm
          action={changed}
          onSaved={() => {
            change(null)
            onChanged()
          }}
          onClose={() => change(null)}
        />
      )}
    </>
  )
}

function Links({ ids }: { ids: readonly string[] }) {
  const indicators = useIndicators()
  return (
    <p class="moved-links">
      {ids.map(id => (
        <Link key={id} href={`/indicators/${encodeURIComponent(id)}`}>
          {nameIn(indicators, id)}
        </Link>
      ))}
    </p>
  )
}
