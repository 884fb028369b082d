import { useState } from 'preact/hooks'
import { place as catalogPlace } from '../../format/place.ts'
import { spoken } from '../../settings/language.ts'
import { CsvButton } from '../save-button.tsx'
import { Wide } from '../wide.tsx'
import type { Columns } from './columns.ts'
import type { ChartData } from './model.ts'
import { type ToldRow, tellPoint } from './told-point.ts'
import { WORDS } from './words.ts'

/** Most rows of the table. */
const MOST_ROWS = 500

/** The same as a file: where it is asked for, and its name without the ending. */
export interface CsvFile {
  readonly name: string
  readonly path: string
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
      {csv !== undefined && <CsvButton {...csv} />}
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
    <Wide label={words.caption(data.main.label)} tall>
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
    </Wide>
  )
}
