import { useSearchParams } from 'wouter-preact'

/** One of a few, kept in the address so that it can be sent to others and gone back to; the first stands for none. */
export function useChoice<T extends string>(name: string, values: readonly [T, ...T[]]): [T, (value: T) => void] {
  const [parameters, setParameters] = useSearchParams()
  const chosen = values.find(value => value === parameters.get(name)) ?? values[0]
  const choose = (value: T) =>
    setParameters(before => {
      const next = new URLSearchParams(before)
      if (value === values[0]) next.delete(name)
      else next.set(name, value)
      return next
    })
  return [chosen, choose]
}

/** A select over it. */
export function Choice<T extends string>({
  label,
  values,
  value,
  told,
  onChange,
}: {
  label: string
  values: readonly T[]
  value: T
  told: (value: T) => string
  onChange: (value: T) => void
}) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={event => onChange(event.currentTarget.value as T)}>
        {values.map(one => (
          <option key={one} value={one}>
            {told(one)}
          </option>
        ))}
      </select>
    </label>
  )
}
