import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, createApp } from '../../../src/app.ts'
import { type Config, readConfig } from '../../../src/config.ts'
import { completes, createsUpload, sendsBytes } from '../../media/verbs.ts'
import { cheapHashing } from '../../setup/cheap-hashing.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/database.ts'
import { generousLimits } from '../../setup/generous-limits.ts'
import { withDeadline } from '../../world/deadline.ts'
import { timed } from '../../world/stopwatch.ts'
import { signsUp } from '../attempts.ts'
import { DatabaseProxy } from './proxy.ts'

const deadlineMs = 1_000
/** A query that the database does not answer ends after this time, without a deadline. */
const queryMs = 6_000
const text = Buffer.from('Dear diary, nothing happened today.')

let database: TestDatabase
let proxy: DatabaseProxy
let folder: string
let config: Config
let app: App

beforeAll(async () => {
  database = await createTestDatabase()
  proxy = await DatabaseProxy.before(database.url)
  folder = await mkdtemp(join(tmpdir(), 'parlance-uploads-'))
  config = readConfig({
    PORT: '0',
    AUTH_SECRET: 'a secret for tests that is long enough',
    DATABASE_URL: proxy.url,
    DATA_DIR: folder,
    ...generousLimits,
  })
  app = await createApp(config, { passwordHashing: cheapHashing, log: pino({ level: 'silent' }) })
})

afterAll(async () => {
  await app?.close()
  await proxy?.close()
  await database?.drop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

test.each([
  ['PUT', false],
  ['form', true],
])(
  'an upload by %s to a server whose database does not answer is refused at the deadline',
  async (how, form) => {
    const ada = await signsUp(app.url, `ada.${how.toLowerCase()}`)
    const announced = { filename: 'note.txt', mimeType: 'text/plain', byteSize: text.length }
    const ticket = await createsUpload(ada, { ...announced, form })
    proxy.fallsSilent()
    const [answer, ms] = await timed(withDeadline(config, deadlineMs, () => sendsBytes(ticket, text)))
    await proxy.comesBack()
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] })
    expect(ms).toBeLessThan(queryMs / 2)

    expect((await sendsBytes(ticket, text)).status).toBe(204)
    expect(await completes(ada, ticket.media.id)).toMatchObject({ status: 'READY' })
  },
)
