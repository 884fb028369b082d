import type { FunctionComponent } from 'preact'
import type { Words } from '../settings/language.ts'

/** A page: its address, its name in the navigation (none: reached from another page) and its code, loaded when needed. */
export interface PageRoute {
  readonly path: string
  readonly name?: Words<string>
  readonly load: () => Promise<{ readonly default: FunctionComponent<{ readonly params: Record<string, string> }> }>
}

/** Every page; `PAGES` of location.ts tells the server the same addresses. */
export const ROUTES: readonly PageRoute[] = [
  { path: '/', name: { en: 'Board', zh: '看板' }, load: () => import('../pages/board/index.tsx') },
  { path: '/indicators/:id', load: () => import('../pages/indicator/index.tsx') },
]
