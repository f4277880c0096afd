import { onTestFinished, test } from 'vitest'
import { createTestDatabase } from '../setup/database.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { survivesKills } from './survives-kills.ts'

test('kill -9 under load loses no acknowledged message on an external PostgreSQL', {
  timeout: 90_000,
}, async () => {
  const database = await createTestDatabase()
  // Hooks run in reverse order: the server must be gone before the database.
  onTestFinished(() => database.drop())
  const AUTH_SECRET = 'a secret for tests that is long enough'
  await survivesKills({ DATABASE_URL: database.url, AUTH_SECRET, DATA_DIR: await temporaryFolder() })
})
