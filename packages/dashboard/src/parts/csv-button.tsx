import { useState } from 'preact/hooks'
import { askCsv } from '../api/ask.ts'
import { spoken, type Words } from '../settings/language.ts'
import './csv-button.css'

const WORDS: Words<{ save: string; failed: string }> = {
  en: { save: 'Save as CSV', failed: 'The file could not be fetched' },
  zh: { save: '导出 CSV', failed: '无法获取文件' },
}

/**
 * Saves the table of an answer as a file: fetched by the page, since a link could not carry the access key.
 * `name` is that of the file, without its ending.
 */
export function CsvButton({ path, name }: { path: string; name: string }) {
  const words = spoken(WORDS)
  const [failed, setFailed] = useState<string | null>(null)
  const save = async () => {
    setFailed(null)
    try {
      const address = URL.createObjectURL(new Blob([await askCsv(path)], { type: 'text/csv' }))
      Object.assign(document.createElement('a'), { href: address, download: `${name}.csv` }).click()
      URL.revokeObjectURL(address)
    } catch (error) {
      setFailed(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <>
      <button type="button" onClick={() => void save()}>
        {words.save}
      </button>
      {failed !== null && (
        <p role="alert" class="csv-failed">
          {words.failed}: {failed}
        </p>
      )}
    </>
  )
}
