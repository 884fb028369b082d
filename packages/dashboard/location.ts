/** Where the built dashboard lies, and the addresses that are pages of it: what a server needs to know of it. */

/** The folder of `index.html` and its hashed assets; there after `npm run build`. */
export const BUILT = new URL('./dist/', import.meta.url)

/** Colours and type of all pages: what a server draws by itself looks like the rest. */
export const BASE_STYLE = new URL('./src/layout/base.css', import.meta.url)

/** Patterns of the addresses that the page itself tells apart; each is answered with `index.html`. */
export const PAGES = [
  '/',
  '/indicators/:id',
  '/hierarchy',
  '/retention',
  '/funnels',
  '/funnels/:id',
  '/segments',
  '/actions',
  '/alerts',
  '/digests',
  '/digests/:id',
  '/system',
] as const
