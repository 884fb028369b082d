import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Certificate {
  /** PKCS12 with key and certificate */
  readonly path: string
  readonly password: string
  /** the certificate as PEM: what a client is to trust */
  readonly ca: string
}

/** A self-signed certificate for localhost and 127.0.0.1, made by Java's own keytool in `directory`. */
export async function selfSigned(directory: string): Promise<Certificate> {
  const path = join(directory, 'broker.p12')
  const pem = join(directory, 'broker.pem')
  const password = 'changeit'
  const store = ['-keystore', path, '-storetype', 'PKCS12', '-storepass', password, '-alias', 'broker']
  await run('keytool', [
    ...['-genkeypair', ...store, '-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '3650'],
    ...['-dname', 'CN=localhost', '-ext', 'SAN=dns:localhost,ip:127.0.0.1', '-ext', 'BC=ca:true'],
  ])
  await run('keytool', ['-exportcert', '-rfc', ...store, '-file', pem])
  return { path, password, ca: await readFile(pem, 'utf8') }
}
