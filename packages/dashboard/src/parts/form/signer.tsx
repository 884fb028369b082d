import { accessKey } from '../../settings/key.ts'
import { spoken, type Words } from '../../settings/language.ts'
import { remembered } from '../../settings/remembered.ts'
import { Field } from './field.tsx'

const WORDS: Words<{ label: string; hint: string }> = {
  en: { label: 'Your name', hint: 'Stays with the change, for everybody to see.' },
  zh: { label: '您的姓名', hint: '随此更改保存，所有人可见。' },
}

/** Under which name people set things where no keys are used; with a key it is the key's. */
const name = remembered<string>('name', '', kept => kept.slice(0, 200))

/** `set_by`, as it is sent. */
export const signature = (): { set_by?: string } =>
  accessKey.value !== null || name.value.trim() === '' ? {} : { set_by: name.value.trim() }

/** Asks for the name of who sets something; not where a key tells it. */
export function Signer() {
  const words = spoken(WORDS)
  if (accessKey.value !== null) return null
  return (
    <Field label={words.label} hint={words.hint}>
      {given => (
        <input
          {...given}
          type="text"
          autocomplete="name"
          maxLength={200}
          value={name.value}
          onInput={event => {
            name.value = event.currentTarget.value
          }}
        />
      )}
    </Field>
  )
}
