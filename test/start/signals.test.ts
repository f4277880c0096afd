import { expect, test } from 'vitest'
import { createTestDatabase } from '../setup/database.ts'
import { eventually } from '../world/eventually.ts'
import { start } from './server.ts'

const secret = 's'.repeat(32)

test('SIGHUP is ignored without a terminal, and SIGTERM still stops the server', async () => {
  const database = await createTestDatabase()
  const server = start({ DATABASE_URL: database.url, AUTH_SECRET: secret, LOG_LEVEL: 'info' })
  const url = await server.ready()

  server.child.kill('SIGHUP')
  await eventually(async () => expect(server.output()).toContain('SIGHUP ignored'))
  expect((await fetch(`${url}/live`)).status).toBe(200)

  server.child.kill('SIGTERM')
  expect(await server.exited()).toEqual({ code: 0, signal: null })
  await database.drop()
})
