/**
 * What the format has room for and this version refuses, with where it will belong. docs/catalog.md shows an
 * example of each, and a test holds that each of those is refused with code `planned`.
 */
export const PLANNED_INDICATOR_KEYS: Readonly<Record<string, string>> = {
  formerly: 'the id that it had before.',
}
