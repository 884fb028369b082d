// Plain JavaScript in old syntax, imported before any TypeScript: an older Node must still be able to read this
// file to say what is wrong, instead of stopping at the first type annotation.

var LOWEST_MAJOR = 24

/**
 * One sentence for a person when this Node is too old for Kivi, else null.
 * @param {string} version as in process.versions.node
 * @returns {string | null}
 */
export function nodeTooOld(version) {
  if (Number(version.split('.')[0]) >= LOWEST_MAJOR) return null
  return (
    'Kivi needs Node ' +
    LOWEST_MAJOR +
    ' or newer and this is Node ' +
    version +
    ': run `npm ci` without --ignore-scripts or NODE_ENV=production (it brings Node ' +
    LOWEST_MAJOR +
    ' with it), then start through npm or npx.'
  )
}
