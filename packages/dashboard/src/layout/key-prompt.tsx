import { useEffect, useRef, useState } from 'preact/hooks'
import { keep, keyAsked } from '../settings/key.ts'
import { spoken, type Words } from '../settings/language.ts'

const WORDS: Words<{ title: string; missing: string; unknown: string; key: string; lasting: string; go: string }> = {
  en: {
    title: 'Kivi asks for an access key',
    missing: 'Whoever runs this Kivi makes one with: kivi keys create NAME --role read',
    unknown: 'This key was revoked, or is none of this Kivi. Enter another one.',
    key: 'Access key',
    lasting: 'Keep it on this device',
    go: 'Open',
  },
  zh: {
    title: 'Kivi 需要访问密钥',
    missing: '请管理员用命令创建:kivi keys create 名称 --role read',
    unknown: '该密钥已被撤销,或不属于此 Kivi。请输入其他密钥。',
    key: '访问密钥',
    lasting: '保存在此设备上',
    go: '打开',
  },
}

/** Asks for a key once Kivi has refused to answer without one. */
export function KeyPrompt() {
  const words = spoken(WORDS)
  const dialog = useRef<HTMLDialogElement>(null)
  const [key, setKey] = useState('')
  const [lasting, setLasting] = useState(false)
  const asked = keyAsked.value
  useEffect(() => {
    if (asked === null) dialog.current?.close()
    else if (dialog.current?.open === false) dialog.current.showModal()
  }, [asked])
  return (
    <dialog ref={dialog} aria-labelledby="key-title" onCancel={event => event.preventDefault()}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (key.trim() === '') return
          keep(key.trim(), lasting)
          setKey('')
        }}
      >
        <h2 id="key-title">{words.title}</h2>
        <p role="status">{asked === 'key_unknown' ? words.unknown : words.missing}</p>
        <label>
          {words.key}
          <input
            type="password"
            autocomplete="current-password"
            value={key}
            onInput={event => setKey(event.currentTarget.value)}
          />
        </label>
        <label class="check">
          <input type="checkbox" checked={lasting} onChange={event => setLasting(event.currentTarget.checked)} />
          {words.lasting}
        </label>
        <button type="submit">{words.go}</button>
      </form>
    </dialog>
  )
}
