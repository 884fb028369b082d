import { formatDifference } from '../../format/difference.ts'
import { formatChange, formatCount, formatValue } from '../../format/numbers.ts'
import { Wide } from '../../parts/wide.tsx'
import { spoken, told } from '../../settings/language.ts'
import type { Digest, DigestIndicator } from './types.ts'
import { WORDS } from './words.ts'

/** Of the indicators that the digest looks into: which parts moved most. */
export function Movers({ digest }: { digest: Digest }) {
  const words = spoken(WORDS)
  const split = digest.indicators.filter(({ groups }) => groups !== null && groups.items.length > 0)
  if (split.length === 0) return null
  return (
    <section class="panel" data-part="movers">
      <h2>{words.movers}</h2>
      <p class="about">{words.moversAbout}</p>
      <div class="movers">
        {split.map(indicator => (
          <Parts key={indicator.id} indicator={indicator} />
        ))}
      </div>
    </section>
  )
}

function Parts({ indicator: { id, label, unit, groups } }: { indicator: DigestIndicator }) {
  const words = spoken(WORDS)
  if (groups === null) return null
  const title = words.moversOf(told(label), groups.by.replace(/^properties\./, ''))
  const adds = groups.items.some(({ contribution }) => contribution !== null)
  const shown = (value: number | null) => (value === null ? '' : formatValue(value, unit))
  return (
    <div data-movers={id}>
      <h3>{title}</h3>
      <Wide label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{groups.by.replace(/^properties\./, '')}</th>
              <th scope="col">{words.previously}</th>
              <th scope="col">{words.value}</th>
              <th scope="col">{words.change}</th>
              {adds && <th scope="col">{words.contribution}</th>}
            </tr>
          </thead>
          <tbody>
            {groups.items.map(({ group, value, previous, change, contribution }) => (
              <tr key={group} data-group={group}>
                <th scope="row">{group || words.unnamed}</th>
                <td>{shown(previous)}</td>
                <td>{shown(value)}</td>
                <td>{change === null ? '' : formatChange(change)}</td>
                {adds && <td>{contribution === null ? '' : formatDifference(contribution, unit)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {groups.more > 0 && <p class="quiet">{words.furtherGroups(formatCount(groups.more))}</p>}
    </div>
  )
}
