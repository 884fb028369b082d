import type { FunctionComponent } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { spoken, type Words } from '../settings/language.ts'
import type { PageRoute } from './routes.ts'

const WORDS: Words<{ lost: string; again: string }> = {
  en: {
    lost: 'This page could not be loaded: the connection to Kivi is lost, or Kivi was updated.',
    again: 'Load anew',
  },
  zh: { lost: '页面加载失败:与 Kivi 的连接已中断,或 Kivi 已更新。', again: '重新加载' },
}

/** Draws a page once its code has come. */
export function LazyPage({ load, params }: { load: PageRoute['load']; params: Record<string, string> }) {
  const [page, setPage] = useState<{
    of: PageRoute['load']
    draw: FunctionComponent<{ params: Record<string, string> }>
  }>()
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let left = false
    setFailed(false)
    load().then(
      module => !left && setPage({ of: load, draw: module.default }),
      () => !left && setFailed(true),
    )
    return () => {
      left = true
    }
  }, [load])
  if (failed)
    return (
      <div class="empty" role="alert">
        <p>{spoken(WORDS).lost}</p>
        <button type="button" onClick={() => location.reload()}>
          {spoken(WORDS).again}
        </button>
      </div>
    )
  if (page === undefined || page.of !== load) return <div aria-busy="true" />
  return <page.draw params={params} />
}
