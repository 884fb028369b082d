import { formatValue } from '../format/numbers.ts'
import { spoken, type Words } from '../settings/language.ts'
import './spark.css'
import { sparkPath } from './spark-path.ts'

const WORDS: Words<{ course: (from: string, to: string, low: string, high: string) => string; none: string }> = {
  en: { course: (from, to, low, high) => `From ${from} to ${to}, between ${low} and ${high}`, none: 'No course yet' },
  zh: { course: (from, to, low, high) => `从 ${from} 到 ${to},介于 ${low} 与 ${high} 之间`, none: '暂无走势' },
}

/** How a value went over its window, with the target of its steps dashed. */
export function Spark({
  points,
  target,
  unit,
}: {
  points: ReadonlyArray<number | null>
  target: number | null
  unit: string
}) {
  const words = spoken(WORDS)
  const path = sparkPath(points, target)
  const known = points.filter(point => point !== null)
  const told = (value: number | undefined) => (value === undefined ? '' : formatValue(value, unit))
  const text =
    path === null
      ? words.none
      : words.course(told(known[0]), told(known.at(-1)), told(Math.min(...known)), told(Math.max(...known)))
  return (
    <svg class="spark" viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={text}>
      {path?.areas.map((d, index) => (
        <path key={`area${index}`} class="area" d={d} />
      ))}
      {path?.target != null && <line x1="0" x2="100" y1={path.target} y2={path.target} />}
      {path?.lines.map((d, index) => (
        <path key={`line${index}`} d={d} />
      ))}
      {path?.dots.map((d, index) => (
        <path key={`dot${index}`} class="dot" d={d} />
      ))}
    </svg>
  )
}
