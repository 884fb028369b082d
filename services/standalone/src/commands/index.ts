import type { Command } from '../cli/command.ts'
import { alerts } from './alerts.ts'
import { backfill } from './backfill.ts'
import { board } from './board.ts'
import { check } from './check.ts'
import { deadLetters } from './dead-letters.ts'
import { digest } from './digest.ts'
import { importCommand } from './import.ts'
import { keys } from './keys.ts'
import { migrate } from './migrate.ts'
import { reconcile } from './reconcile.ts'
import { start } from './start.ts'
import { test } from './test.ts'
import { value } from './value.ts'

/** In the order of the help. */
export const COMMANDS: readonly Command[] = [
  start,
  importCommand,
  check,
  test,
  value,
  board,
  backfill,
  reconcile,
  alerts,
  digest,
  deadLetters,
  keys,
  migrate,
]
