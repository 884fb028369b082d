import { mkdir } from 'node:fs/promises'
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'
import { LASTING } from '../../support/memory-directory.ts'

/** Where tests leave pictures for people to look at. */
export const SCREENSHOTS = new URL('../../../test-results/', import.meta.url)

/** A headless Chromium that asks nobody but the page's own service. */
export async function launchBrowser(): Promise<Browser> {
  await mkdir(SCREENSHOTS, { recursive: true })
  return playwright.launch({
    executablePath: await unpacked(),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** Chromium is unpacked into the temporary directory: once a machine, not once a run. */
async function unpacked(): Promise<string> {
  const { TMPDIR } = process.env
  const lasting = process.env[LASTING]
  if (lasting !== undefined) process.env['TMPDIR'] = lasting
  try {
    return await chromium.executablePath()
  } finally {
    if (TMPDIR !== undefined) process.env['TMPDIR'] = TMPDIR
  }
}
