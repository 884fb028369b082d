import type { Answer } from '@kivi/client'
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { accessKey } from '../settings/key.ts'
import { told } from '../settings/language.ts'
import { ask } from './ask.ts'

type Page = Answer<'indicators'>
export type Listed = Page['items'][number]

/** All indicators of the catalog by their ids, in its order; empty until they have come. */
const listed = signal<ReadonlyMap<string, Listed>>(new Map())

/** A catalog changes seldom; whoever looks for longer sees the change after so long. */
const FRESH_MS = 300_000
let asked: { readonly key: string | null; readonly at: number } | null = null

/** Names and settings of all indicators, for lists and choices: asked once for all parts of the page. */
export function useIndicators(): ReadonlyMap<string, Listed> {
  const key = accessKey.value
  useEffect(() => {
    if (asked !== null && asked.key === key && performance.now() - asked.at < FRESH_MS) return
    asked = { key, at: performance.now() }
    readAll().then(
      all => {
        listed.value = all
      },
      () => {
        // what needs the names shows ids meanwhile, and the next part of a page asks again
        asked = null
      },
    )
  }, [key])
  return listed.value
}

async function readAll(): Promise<Map<string, Listed>> {
  const all = new Map<string, Listed>()
  let cursor: string | null = null
  do {
    const parameters = new URLSearchParams({ limit: '500', ...(cursor === null ? {} : { cursor }) })
    const page: Page = await ask<Page>(`/v1/indicators?${parameters}`)
    for (const item of page.items) all.set(item.id, item)
    cursor = page.next
  } while (cursor !== null)
  return all
}

/** What people call an indicator; its id until that is known. */
export const nameIn = (indicators: ReadonlyMap<string, Listed>, id: string): string => {
  const item = indicators.get(id)
  return item === undefined ? id : told(item.label)
}
