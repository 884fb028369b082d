import { formatMinute } from '../../format/times.ts'
import '../../parts/actions/actions.css'
import { MeasuredStep } from '../../parts/actions/effect.tsx'
import { WORDS as ACTION_WORDS } from '../../parts/actions/words.ts'
import { spoken, told } from '../../settings/language.ts'
import type { Digest } from './types.ts'
import { WORDS } from './words.ts'

/** What was done in the period to move its indicators, and what followed as far as that can be told. */
export function Done({ digest: { actions, indicators } }: { digest: Digest }) {
  const words = spoken(WORDS)
  const said = spoken(ACTION_WORDS)
  const labels = new Map(indicators.map(({ id, label }) => [id, told(label)]))
  return (
    <section class="panel" data-part="actions">
      <h2>{words.actions}</h2>
      {actions.length === 0 ? (
        <p>{words.noActions}</p>
      ) : (
        <ul class="action-list">
          {actions.map(({ id, label, description, owner, at, until, by, effects }) => (
            <li key={id} data-action={id}>
              <p class="what">
                <strong>{label}</strong>
              </p>
              <p class="quiet">
                {[
                  until === null ? formatMinute(at) : `${formatMinute(at)} – ${formatMinute(until)}`,
                  said.by(owner),
                  ...Object.entries(by).map(([name, part]) => `${name.replace(/^properties\./, '')}: ${part}`),
                ].join(' · ')}
              </p>
              {description !== '' && <p>{description}</p>}
              <ul class="effects">
                {effects.map(({ indicator, unit, weeks_after: weeks, step, interval, good }) => (
                  <li key={indicator} data-effect={indicator}>
                    <strong>{labels.get(indicator) ?? indicator}: </strong>
                    {step === null ? (
                      said.tooEarly(weeks)
                    ) : (
                      <MeasuredStep step={step} interval={interval} good={good} unit={unit} />
                    )}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
      {actions.length > 0 && <p class="aside">{said.noProof}</p>}
    </section>
  )
}
