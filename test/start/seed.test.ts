import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { examples } from '../../src/server/explorer/examples.ts'
import { send } from '../server/wire.ts'
import { createTestDatabase } from '../setup/database.ts'
import { freePort } from '../setup/free-port.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld()
const root = join(import.meta.dirname, '../..')

const seeds = (env: Record<string, string>) =>
  promisify(execFile)(process.execPath, ['scripts/run.mjs', 'prisma/seed.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
  })

test('npm run seed fills the server that runs, says which, and its users sign in as in GraphiQL', async () => {
  const { port } = new URL(world.url)
  const { stdout } = await seeds({ PORT: port })
  expect(stdout).toMatch(`Filled the running server http://127.0.0.1:${port}:`)
  const [{ query = '' } = {}] = examples
  const { body } = await send(world.url, JSON.stringify({ query, operationName: 'Login' }))
  expect(body).toMatchObject({ data: { login: { user: { handle: 'alice' } } } })
})

test('npm run seed fills the database of its settings when no server runs', async () => {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const { stdout } = await seeds({
    PORT: String(await freePort()),
    DATABASE_URL: database.url,
    DATA_DIR: await temporaryFolder(),
    AUTH_SECRET: 's'.repeat(32),
  })
  expect(stdout).toContain('Filled the database of DATABASE_URL, as no server answers at http://')
})
