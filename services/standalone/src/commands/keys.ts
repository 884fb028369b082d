import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import { createAuditStore, createKeyStore } from '@kivi/clickhouse'
import {
  type ApiKey,
  type AuditEntry,
  type AuditStore,
  type Catalog,
  type KeyStore,
  KiviError,
  ROLES,
  type Role,
  type Scope,
  suggest,
  withAudit,
} from '@kivi/domain'
import { createKey } from '@kivi/service-kit'
import { type Command, type CommandArguments, type CommandContext, EXIT, textOption } from '../cli/command.ts'
import { table } from '../cli/format.ts'
import { usageError } from '../cli/parse.ts'
import { type OpenKivi, openKivi } from '../system/open-kivi.ts'

const ACTIONS = ['create', 'list', 'revoke'] as const

export const keys: Command = {
  name: 'keys',
  summary: 'Make, list and revoke the keys by which callers are told apart.',
  description:
    'create NAME  a key, which is shown now and never again; NAME stands at whatever is set with it\n' +
    'list         all keys: what they may, when they were made, used, revoked\n' +
    'revoke KEY   by id or name; within a second no request is answered with it, for ever',
  usage: 'create NAME|list|revoke KEY [--role ROLE] [--owner OWNER] [--only DIM:V1,V2] [--json]',
  arguments: { min: 1, max: 2 },
  options: {
    role: {
      type: 'string',
      value: 'ROLE',
      description: 'read, ingest, steer (reads too) or admin (may all); may be repeated',
      multiple: true,
    },
    owner: { type: 'string', value: 'OWNER', description: 'sees only the indicators of this owner' },
    only: {
      type: 'string',
      value: 'DIM:V1,V2',
      description: 'sees only what happened with these values of the dimension; may be repeated',
      multiple: true,
    },
    json: { type: 'boolean', description: 'the answer as JSON' },
  },
  async run(context, args) {
    const [action, given] = args.positionals
    const known = ACTIONS.find(name => name === action)
    if (known === undefined) {
      const similar = suggest(action ?? '', ACTIONS)
      const hint = similar === null ? '' : `; did you mean "${similar}"?`
      throw usageError(keys, `kivi keys does not know "${action}"${hint}`)
    }
    if (known !== 'list' && given === undefined)
      throw usageError(keys, `kivi keys ${known} needs ${known === 'create' ? 'a NAME' : 'the id or name of a KEY'}.`)
    if (known === 'list' && given !== undefined)
      throw usageError(keys, `kivi keys list does not know what to do with "${given}".`)
    // what is wrong with the words is told before an engine is started
    const wanted = known === 'create' ? readWanted(given as string, args) : null
    await using kivi = await openKivi(context.env)
    if (wanted?.scope != null) checkScope(wanted.scope, await kivi.catalog())
    const clickhouse = await kivi.clickhouse()
    const store = audited(createKeyStore(clickhouse), createAuditStore(clickhouse))
    if (wanted !== null) await create(context, args, store, wanted)
    else if (known === 'list') await list(context, args, store)
    else await revoke(context, kivi, store, given as string)
    return EXIT.done
  },
}

/** The store, whose changes stand in the audit. */
function audited(store: KeyStore, audit: AuditStore): KeyStore {
  const entry = (
    what: AuditEntry['what'],
    { id }: ApiKey,
    at: number,
    states: Pick<AuditEntry, 'before' | 'after'>,
  ) => ({
    id: randomUUID(),
    at,
    actor: { key: null, name: `kivi keys (${userName()})` },
    what,
    subject: id,
    reason: '',
    ...states,
  })
  return {
    ...store,
    add: key =>
      withAudit(audit, entry('key_created', key, key.createdAt, { before: null, after: granted(key) }), () =>
        store.add(key),
      ),
    revoke: (key, at) =>
      withAudit(audit, entry('key_revoked', key, at, { before: granted(key), after: null }), () =>
        store.revoke(key, at),
      ),
  }
}

const granted = ({ name, roles, scope }: ApiKey) => ({ name, roles, scope })

/** Who runs the command; in a container there may be nobody by that name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}

interface Wanted {
  readonly name: string
  readonly roles: readonly Role[]
  readonly scope: Scope | null
}

function readWanted(name: string, args: CommandArguments): Wanted {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,79}$/u.test(name))
    throw usageError(
      keys,
      `"${name}" is no name for a key: up to 80 letters, digits, spaces, dots, underscores, hyphens, @.`,
    )
  const roles = texts(args, 'role').map(text => {
    const role = ROLES.find(one => one === text)
    if (role === undefined) throw usageError(keys, `--role is "${text}": expected ${ROLES.join(', ')}.`)
    return role
  })
  if (roles.length === 0) throw usageError(keys, `Say what the key may do: --role ${ROLES.join(', --role ')}.`)
  const dimensions = Object.fromEntries(texts(args, 'only').map(readOnly))
  const owner = textOption(args, 'owner')
  const cut = Object.keys(dimensions).length > 0
  if (owner === null && !cut) return { name, roles, scope: null }
  const wide = roles.find(role => role !== 'read' && (cut || role !== 'steer'))
  if (wide !== undefined)
    throw usageError(keys, `A key that is limited by ${cut ? '--only' : '--owner'} cannot have the role ${wide}.`)
  return { name, roles, scope: { owner, dimensions } }
}

function readOnly(text: string): [field: string, values: string[]] {
  const colon = text.indexOf(':')
  const values = text.slice(colon + 1).split(',')
  if (colon < 1 || values.includes(''))
    throw usageError(keys, `--only is "${text}": expected DIMENSION:VALUE or DIMENSION:VALUE1,VALUE2.`)
  return [text.slice(0, colon), values]
}

const texts = (args: CommandArguments, name: string): readonly string[] => {
  const given = args.options[name]
  return Array.isArray(given) ? (given as string[]) : []
}

/** A limit that no indicator meets is a misspelt one. */
function checkScope({ owner, dimensions }: Scope, { indicators }: Catalog): void {
  const all = [...indicators.values()]
  const check = (option: string, value: string, known: readonly string[]) => {
    if (known.includes(value)) return
    const similar = suggest(value, known)
    throw new KiviError(
      'usage',
      `--${option} is "${value}", which no indicator of the catalog has${similar === null ? '' : `; did you mean ${similar}?`}`,
    )
  }
  if (owner !== null) check('owner', owner, [...new Set(all.flatMap(one => one.owner ?? []))])
  const fields = [...new Set(all.flatMap(one => one.dimensions))]
  for (const field of Object.keys(dimensions)) check('only', field, fields)
}

async function create(
  { stdout, stderr }: CommandContext,
  args: CommandArguments,
  store: KeyStore,
  wanted: Wanted,
): Promise<void> {
  const live = (await store.keys()).find(key => key.revokedAt === null && key.name === wanted.name)
  if (live !== undefined)
    throw new KiviError(
      'usage',
      `There is a key ${wanted.name} already (${live.id}): revoke it first, or give the new one another name.`,
    )
  const { secret, key } = createKey(wanted, Date.now())
  await store.add(key)
  // alone on the standard output, so that a script can take it
  stdout.write(args.options['json'] === true ? `${JSON.stringify({ key: secret, ...shown(key) })}\n` : `${secret}\n`)
  stderr.write(
    `The key ${key.id} of ${key.name} (${describe(key)}) is shown now and never again: Kivi keeps its hash only.\n`,
  )
}

async function list({ stdout }: CommandContext, args: CommandArguments, store: KeyStore): Promise<void> {
  const all = await store.keys()
  if (args.options['json'] === true) stdout.write(`${JSON.stringify({ items: all.map(shown) })}\n`)
  else if (all.length === 0) stdout.write('There are no keys; kivi keys create NAME --role read makes one.\n')
  else
    stdout.write(
      `${table([
        ['id', 'name', 'may', 'created', 'last used', 'revoked'],
        ...all.map(key => [
          key.id,
          key.name,
          describe(key),
          day(key.createdAt),
          key.lastUsedAt === null ? 'never' : hour(key.lastUsedAt),
          key.revokedAt === null ? '' : hour(key.revokedAt),
        ]),
      ])}\n`,
    )
}

async function revoke({ stdout }: CommandContext, kivi: OpenKivi, store: KeyStore, given: string): Promise<void> {
  const all = await store.keys()
  const matching = all.filter(key => key.id === given || key.name === given)
  const live = matching.find(key => key.revokedAt === null)
  if (live === undefined) {
    if (matching.length > 0) throw new KiviError('usage', `The key ${given} is revoked already.`)
    const similar = suggest(
      given,
      all.flatMap(key => [key.name, key.id]),
    )
    throw new KiviError(
      'usage',
      `There is no key ${given}${similar === null ? '' : `; did you mean ${similar}?`} kivi keys list shows them all.`,
    )
  }
  await store.revoke(live, Date.now())
  const last = all.every(key => key === live || key.revokedAt !== null)
  stdout.write(
    `The key ${live.id} of ${live.name} is revoked.${last && kivi.config.auth === 'required' ? ' It was the last one: nobody is let in now.' : ''}\n`,
  )
}

const describe = ({ roles, scope }: ApiKey): string =>
  [
    roles.join(', '),
    ...(scope?.owner == null ? [] : [`owner ${scope.owner}`]),
    ...Object.entries(scope?.dimensions ?? {}).map(([field, values]) => `${field}:${values.join(',')}`),
  ].join(' ')

const time = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

const shown = ({ id, name, roles, scope, createdAt, revokedAt, lastUsedAt }: ApiKey) => ({
  id,
  name,
  roles,
  scope,
  created_at: time(createdAt),
  last_used_at: time(lastUsedAt),
  revoked_at: time(revokedAt),
})

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
const hour = (at: number): string => `${new Date(at).toISOString().slice(0, 13).replace('T', ' ')}h`
