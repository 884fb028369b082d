import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedEventLog } from '@kivi/event-log'
import { openDatabase } from '../../packages/event-log/src/embedded/database.ts'
import { readOwner, takeOver } from '../../packages/event-log/src/embedded/states/table.ts'
import { Storage } from '../../packages/event-log/src/embedded/storage.ts'
import { uniqueName } from '../support/index.ts'
import { describeStateLog } from './state-log.ts'

describeStateLog('embedded', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kivi-states-'))
  const path = join(directory, 'log.sqlite')
  return {
    open: () => embeddedEventLog({ path }),
    topic: () => uniqueName('states'),
    child: () => ['embedded', path],
    usurp: async topic => {
      const storage = new Storage(openDatabase(path))
      takeOver(storage, topic, readOwner(storage, topic), 500, { key: 'leader', value: 'usurper' })
      storage.db.close()
    },
    dispose: () => rm(directory, { recursive: true }),
  }
})
