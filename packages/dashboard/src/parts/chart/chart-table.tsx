import { useState } from 'preact/hooks'
import { place as catalogPlace } from '../../format/place.ts'
import { spoken } from '../../settings/language.ts'
import type { Columns } from './columns.ts'
import type { ChartData } from './model.ts'
import { type ToldRow, tellPoint } from './told-point.ts'
import { WORDS } from './words.ts'

/** Most rows of the table. */
const MOST_ROWS = 500

/** The same as a file. */
export interface CsvFile {
  readonly name: string
  readonly fetch: () => Promise<string>
}

interface TableProps {
  readonly csv?: CsvFile
  readonly data: ChartData
  readonly columns: Columns
  readonly rolling: string | null
}

/** The chart as a table, and as a file. */
export function ChartTable({ data, columns, rolling, csv }: TableProps) {
  const words = spoken(WORDS)
  const [open, setOpen] = useState(false)
  return (
    <div class="chart-foot">
      <details onToggle={event => setOpen(event.currentTarget.open)}>
        <summary>{words.table}</summary>
        {open && <Table data={data} columns={columns} rolling={rolling} />}
      </details>
      {csv !== undefined && <Download csv={csv} />}
    </div>
  )
}

function Table({ data, columns, rolling }: Omit<TableProps, 'csv'>) {
  const words = spoken(WORDS)
  const { timezone } = catalogPlace.value
  const places = columns.points.flatMap((point, place) => (point === null ? [] : [place]))
  const rows = places.slice(-MOST_ROWS).map(place => tellPoint(data, columns, place, timezone, rolling))
  const heads: ReadonlyArray<readonly [ToldRow['name'], string]> = [
    ['value', data.main.label],
    ['target', words.target],
    ['interval', words.interval],
    ['previous', data.previous?.label ?? ''],
    ['second', data.second?.label ?? ''],
  ]
  const shown = heads.filter(([name]) => rows.some(row => row.rows.some(cell => cell.name === name)))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section class="table-room" tabIndex={0} aria-label={words.caption(data.main.label)}>
      <table>
        <caption>
          {words.caption(data.main.label)}
          {places.length > MOST_ROWS && ` · ${words.rows(MOST_ROWS, places.length)}`}
        </caption>
        <thead>
          <tr>
            <th scope="col">{words.time}</th>
            {shown.map(([name, label]) => (
              <th key={name} scope="col">
                {label}
              </th>
            ))}
            <th scope="col">{words.notes}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.time}>
              <th scope="row">{row.time}</th>
              {shown.map(([name]) => (
                <td key={name}>{row.rows.find(cell => cell.name === name)?.text ?? ''}</td>
              ))}
              <td class="words">{row.notes.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** A link could not carry the access key, so the file is asked for like everything else. */
function Download({ csv }: { csv: CsvFile }) {
  const words = spoken(WORDS)
  const [failed, setFailed] = useState<string | null>(null)
  const download = async () => {
    setFailed(null)
    try {
      const url = URL.createObjectURL(new Blob([await csv.fetch()], { type: 'text/csv' }))
      const link = document.createElement('a')
      link.href = url
      link.download = csv.name
      link.click()
      URL.revokeObjectURL(url)
    } catch (error) {
      setFailed(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <>
      <button type="button" onClick={download}>
        {words.csv}
      </button>
      {failed !== null && (
        <p role="alert" class="chart-failed">
          {words.csvFailed}: {failed}
        </p>
      )}
    </>
  )
}
