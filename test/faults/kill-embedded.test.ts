import { test } from 'vitest'
import { temporaryFolder } from '../setup/server-process.ts'
import { survivesKills } from './survives-kills.ts'

test('kill -9 under load loses no acknowledged message on the embedded database', {
  timeout: 90_000,
}, async () => {
  await survivesKills({ DATA_DIR: await temporaryFolder() })
})
