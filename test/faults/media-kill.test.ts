import { expect, onTestFinished, test, vi } from 'vitest'
import { audio, pausableStandIn } from '../media/processing/pausable-ffmpeg.ts'
import { looksAt, uploads } from '../media/verbs.ts'
import { createTestDatabase } from '../setup/database.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { signsUp } from './attempts.ts'
import { mortalServer } from './mortal-server.ts'

test('media processing that kill -9 interrupted completes after the restart', {
  timeout: 120_000,
}, async () => {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const probe = await pausableStandIn()
  onTestFinished(probe.remove)
  const server = await mortalServer({
    DATABASE_URL: database.url,
    DATA_DIR: await temporaryFolder(),
    AUTH_SECRET: 'a secret for tests that is long enough',
    ...probe.settings,
  })
  const ada = await signsUp(server.url, 'ada')
  const { id, status } = await uploads(ada, audio)
  expect(status).toBe('PROCESSING')
  await probe.started()
  await server.dies()
  await probe.resume()

  await server.comesBack()
  expect(await looksAt(ada, id)).toMatchObject({ status: 'PROCESSING' })
  await vi.waitFor(async () => expect((await looksAt(ada, id))?.status).toBe('READY'), {
    timeout: 90_000,
    interval: 500,
  })
  expect(await looksAt(ada, id)).toMatchObject({ durationMs: 1500 })
})
