/** Secrets are read once, when a receiver is made, and are known here so that no answer ever shows them. */
import { readFileSync } from 'node:fs'
import { type Address, KiviError, type Secret } from '@kivi/domain'

export interface Secrets {
  /** the secret's text */
  read(secret: Secret): string
  /** an address, which may be a secret as a whole */
  address(address: Address): string
  /** a web address, checked */
  url(address: Address): URL
  /** the text without any of the secrets that were read */
  redact(text: string): string
}

/** @param receiver its name, for errors */
export function secretsOf(receiver: string, env: Readonly<Record<string, string | undefined>>): Secrets {
  const known = new Set<string>()
  const refuse = (what: string, cause?: unknown) =>
    new KiviError('config_invalid', `The receiver ${receiver} ${what}`, { cause })

  function read(secret: Secret): string {
    const text = 'env' in secret ? ofVariable(secret.env) : ofFile(secret.file)
    known.add(text)
    return text
  }

  function ofVariable(name: string): string {
    const text = env[name]?.trim() ?? ''
    if (text === '') throw refuse(`needs the environment variable ${name}, which is not set.`)
    return text
  }

  function ofFile(path: string): string {
    let text: string
    try {
      text = readFileSync(path, 'utf8').trim()
    } catch (error) {
      throw refuse(`cannot read its secret from ${path}: ${(error as Error).message}`, error)
    }
    if (text === '') throw refuse(`finds ${path} empty, where its secret should be.`)
    return text
  }

  const address = (each: Address): string => (typeof each === 'string' ? each : read(each))

  function url(each: Address): URL {
    const text = address(each)
    // the address itself may be the secret: the error does not show it
    const parsed = URL.canParse(text) ? new URL(text) : null
    if (parsed === null || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:'))
      throw refuse('has an address that is none: it should begin with https:// or http://.')
    for (const part of [parsed.password, parsed.search]) if (part !== '') known.add(part)
    return parsed
  }

  function redact(text: string): string {
    let shown = text
    for (const secret of known) shown = shown.replaceAll(secret, '***')
    return shown
  }

  return { read, address, url, redact }
}
