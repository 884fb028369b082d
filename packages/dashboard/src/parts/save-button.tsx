import { messageOf } from '@kivi/domain'
import { useState } from 'preact/hooks'
import { askText } from '../api/ask.ts'
import { spoken, type Words } from '../settings/language.ts'
import './save-button.css'

const CSV = 'text/csv'
const WORDS: Words<{ csv: string; failed: string }> = {
  en: { csv: 'Save as CSV', failed: 'The file could not be fetched' },
  zh: { csv: '导出 CSV', failed: '无法获取文件' },
}

/** Saves an answer as a file: fetched by the page, since a link could not carry the access key. */
export function SaveButton({
  label,
  path,
  type,
  file,
}: {
  label: string
  path: string
  /** as `Accept` names it */
  type: string
  /** its name */
  file: string
}) {
  const words = spoken(WORDS)
  const [failed, setFailed] = useState<string | null>(null)
  const save = async () => {
    setFailed(null)
    try {
      const address = URL.createObjectURL(new Blob([await askText(path, type)], { type }))
      Object.assign(document.createElement('a'), { href: address, download: file }).click()
      URL.revokeObjectURL(address)
    } catch (error) {
      setFailed(messageOf(error))
    }
  }
  return (
    <>
      <button type="button" onClick={() => void save()}>
        {label}
      </button>
      {failed !== null && (
        <p role="alert" class="save-failed">
          {words.failed}: {failed}
        </p>
      )}
    </>
  )
}

/** The table of an answer; `name` is that of the file, without its ending. */
export function CsvButton({ path, name }: { path: string; name: string }) {
  return <SaveButton label={spoken(WORDS).csv} path={path} type={CSV} file={`${name}.csv`} />
}
