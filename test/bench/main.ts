/** `npm run bench -- NAME [ARGUMENTS]`: runs test/bench/NAME.ts. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const [name, ...rest] = process.argv.slice(2)
const file = join(import.meta.dirname, `${name}.ts`)
if (name === undefined || name === 'main' || !existsSync(file)) {
  const known = readdirSync(import.meta.dirname)
    .filter(entry => entry.endsWith('.ts') && entry !== 'main.ts' && !entry.endsWith('-data.ts'))
    .map(entry => entry.slice(0, -3))
  console.error(`npm run bench -- NAME: there is ${known.join(', ')}`)
  process.exit(2)
}
process.exit(spawnSync(process.execPath, [file, ...rest], { stdio: 'inherit' }).status ?? 1)
