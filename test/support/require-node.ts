/** Ends the process with one sentence where Node is too old: the error of what would fail later says less. */
export function requireNode(major: number): void {
  if (Number(process.versions.node.split('.')[0]) >= major) return
  console.error(
    `Kivi needs Node ${major} or newer and this is ${process.version}: run \`npm ci\` without --ignore-scripts, which brings it, and \`npm test\`.`,
  )
  process.exit(1)
}
