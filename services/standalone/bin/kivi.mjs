#!/usr/bin/env node
// `npx kivi`. Old syntax until the version is known to be new enough to run TypeScript as it is.
import nodeModule from 'node:module'
import { nodeTooOld } from '@kivi/service-kit/node-version'

var complaint = nodeTooOld(process.versions.node)
if (complaint === null) {
  // what was compiled once is read again: commands and services start in half the time
  nodeModule.enableCompileCache()
  import('../src/main.ts')
} else {
  console.error(complaint)
  process.exitCode = 3
}
