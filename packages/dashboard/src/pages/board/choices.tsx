import type { AskedBoard } from '../../api/use-board.ts'
import { levelWord } from '../../format/levels.ts'
import { formatWindow } from '../../format/times.ts'
import { spoken } from '../../settings/language.ts'
import { LEVELS, WINDOWS } from './asked.ts'
import { WORDS } from './words.ts'

/** What of the board is shown, and over which window. */
export function Choices({
  asked,
  owners,
  onChange,
}: {
  asked: AskedBoard
  owners: readonly string[]
  onChange: (change: Partial<AskedBoard>) => void
}) {
  const words = spoken(WORDS)
  return (
    <div class="filters">
      <select
        id="window"
        aria-label={words.window}
        value={asked.window}
        onChange={event => onChange({ window: event.currentTarget.value })}
      >
        {WINDOWS.map(length => (
          <option key={length} value={length}>
            {length === '' ? words.own : formatWindow(length)}
          </option>
        ))}
      </select>
      <select
        id="level"
        aria-label={words.level}
        value={asked.level}
        onChange={event => onChange({ level: event.currentTarget.value })}
      >
        <option value="">{words.allLevels}</option>
        {LEVELS.map(level => (
          <option key={level} value={level}>
            {levelWord(level)}
          </option>
        ))}
      </select>
      {owners.length > 0 && (
        <select
          id="owner"
          aria-label={words.owner}
          value={asked.owner}
          onChange={event => onChange({ owner: event.currentTarget.value })}
        >
          <option value="">{words.allOwners}</option>
          {owners.map(owner => (
            <option key={owner} value={owner}>
              {owner}
            </option>
          ))}
        </select>
      )}
    </div>
  )
}
