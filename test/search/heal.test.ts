import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { createMeilisearch, findMeilisearch, type MeilisearchProcess } from '../setup/meilisearch.ts'
import { refusal } from '../world/client.ts'
import { activeTime } from '../world/stopwatch.ts'
import { useWorld } from '../world/world.ts'
import { meilisearchEnv } from './back-ends.ts'
import { finds, indexed, search } from './verbs.ts'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

describe.skipIf(!inject('meilisearch'))('a failing Meilisearch', () => {
  const env: Record<string, string> = {}
  let engine: MeilisearchProcess

  beforeAll(async () => {
    const program = await findMeilisearch()
    if (!program) throw new Error('There is no Meilisearch to start.')
    engine = await createMeilisearch(program)
    await engine.start()
    Object.assign(env, meilisearchEnv(engine))
  })
  const world = useWorld(env)
  afterAll(() => engine.remove())

  const readiness = async () =>
    (await (await fetch(`${world.url}/ready`)).json()) as { ready: boolean; parts: { search: object } }

  test('that is unreachable makes only search unavailable; messages sent meanwhile are found afterwards', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    await alice.sends(id, 'a word before the outage')
    await indexed(world.databaseUrl)
    expect(await readiness()).toMatchObject({
      ready: true,
      parts: { search: { up: true, conversations: 0 } },
    })

    await engine.kill()
    expect(await refusal(search(bob, 'word'))).toBe('SEARCH_UNAVAILABLE')
    await alice.sends(id, 'a word during the outage')
    expect((await bob.history(id))?.at(-1)?.plainText).toBe('a word during the outage')
    await vi.waitFor(
      async () =>
        expect(await readiness()).toMatchObject({
          ready: true,
          parts: { search: { up: false, conversations: 1 } },
        }),
      5_000,
    )

    await engine.start()
    await indexed(world.databaseUrl)
    expect(await finds(bob, 'outage')).toEqual(['a word during the outage', 'a word before the outage'])
  })

  test('that hangs makes a search SEARCH_UNAVAILABLE after two seconds', async () => {
    const alice = await world.person('alice')
    const group = await alice.creates('monologue', [])
    await alice.sends(group.id, 'anybody there?')
    engine.pause()
    const elapsed = activeTime()
    expect(await refusal(search(alice, 'anybody'))).toBe('SEARCH_UNAVAILABLE')
    expect(elapsed()).toBeLessThan(4_000)
    engine.resume()
    await indexed(world.databaseUrl)
    expect(await finds(alice, 'anybody')).toEqual(['anybody there?'])
  })

  test('that lost its index is filled again', async () => {
    const alice = await world.person('alice')
    const group = await alice.creates('monologue', [])
    for (const text of ['one pearl', 'two pearls']) await alice.sends(group.id, text)
    await indexed(world.databaseUrl)

    await engine.wipe()
    await vi.waitFor(async () => expect(await finds(alice, 'pearl')).toHaveLength(2), {
      timeout: 25_000,
      interval: 200,
    })
  })

  test('is reindexed while the old index serves', async () => {
    const alice = await world.person('alice')
    const group = await alice.creates('monologue', [])
    const messages = [
      await alice.sends(group.id, 'an amber bead'),
      await alice.sends(group.id, 'another amber bead'),
    ]
    await indexed(world.databaseUrl)

    const settings = { DATABASE_URL: world.databaseUrl, AUTH_SECRET: 'x'.repeat(32), ...env }
    const rebuilding = run('npm', ['run', '--silent', 'search:reindex'], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
    })
    let rebuilt = false
    void rebuilding.finally(() => {
      rebuilt = true
    })
    do expect((await finds(alice, 'amber')).length).toBe(2)
    while (!rebuilt)
    expect((await rebuilding).stderr).toContain('100 %')

    await alice.edits(messages[0] as { id: string }, 'a jade bead')
    await vi.waitFor(async () => expect(await finds(alice, 'jade')).toEqual(['a jade bead']), {
      timeout: 15_000,
      interval: 200,
    })
    expect(await finds(alice, 'bead')).toEqual(['another amber bead', 'a jade bead'])
  })
})
