import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { blocks, unblocks } from '../contact/verbs.ts'
import { signsUp } from '../faults/attempts.ts'
import { DatabaseProxy } from '../faults/database/proxy.ts'
import { presenceOf, seesStatus, watches } from '../presence/verbs.ts'
import { cheapHashing } from '../setup/cheap-hashing.ts'
import { createTestDatabase } from '../setup/database.ts'
import { withoutFfmpeg } from '../setup/ffmpeg.ts'
import { countsAlone, generousLimits } from '../setup/generous-limits.ts'
import { everythingIsNumbered } from '../world/outbox.ts'

test('a former friend never sees a block without the end of the friendship, whatever is read later', async () => {
  const database = await createTestDatabase()
  onTestFinished(database.drop)
  const proxy = await DatabaseProxy.before(database.url)
  onTestFinished(() => proxy.close())
  const config = readConfig({
    PORT: '0',
    LOG_LEVEL: 'silent',
    AUTH_SECRET: 'a secret for tests that is long enough',
    DATABASE_URL: proxy.url,
    ...countsAlone,
    ...generousLimits,
    ...withoutFfmpeg,
  })
  const app = await createApp(config, { passwordHashing: cheapHashing })
  onTestFinished(() => app.close())
  const handle = (name: string) => `${name}.${randomUUID().replace(/[^a-f]/g, '')}`
  const alice = await signsUp(app.url, handle('alice'))
  const bob = await signsUp(app.url, handle('bob'))
  onTestFinished(() => Promise.all([alice.dispose(), bob.dispose()]).then(() => {}))
  await seesStatus(watches(bob, bob), bob, 'ONLINE')

  const answers: unknown[] = []
  for (let earlier = 0; ; earlier += 1) {
    await alice.befriends(bob)
    await everythingIsNumbered(database.url)
    const held = proxy.holdsTheStatementWith([alice.id, bob.id], { earlier })
    const answer = presenceOf(alice, bob)
    const release = await Promise.race([held, answer.then(() => null)])
    if (!release) {
      void held.then((releaseLater) => releaseLater())
      break
    }
    await blocks(bob, alice)
    release()
    answers.push(await answer)
    await unblocks(bob, alice)
  }
  const hidden = { status: 'OFFLINE', lastSeenAt: null }
  expect(answers).toContainEqual(hidden)
  for (const answer of answers)
    expect([hidden, { status: 'ONLINE', lastSeenAt: expect.any(String) }]).toContainEqual(answer)
})
