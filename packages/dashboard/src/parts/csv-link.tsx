import { accessKey } from '../settings/key.ts'
import { spoken, type Words } from '../settings/language.ts'

const WORDS: Words<{ save: string }> = { en: { save: 'Save as CSV' }, zh: { save: '导出 CSV' } }

/** Saves the table of an answer as a file: fetched by the page, since a link could not carry the access key. */
export function CsvLink({ path, name }: { path: string; name: string }) {
  const save = async () => {
    const headers: Record<string, string> = { accept: 'text/csv' }
    if (accessKey.value !== null) headers['authorization'] = `Bearer ${accessKey.value}`
    const response = await fetch(path, { headers })
    if (!response.ok) return
    const address = URL.createObjectURL(await response.blob())
    const link = Object.assign(document.createElement('a'), { href: address, download: `${name}.csv` })
    link.click()
    URL.revokeObjectURL(address)
  }
  return (
    <p class="downloads">
      <button type="button" onClick={() => void save()}>
        {spoken(WORDS).save}
      </button>
    </p>
  )
}
