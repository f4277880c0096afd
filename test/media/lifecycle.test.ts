import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { inDatabase } from '../auth/verbs.ts'
import { graphql } from '../generated/gql.ts'
import { refusal } from '../world/client.ts'
import { eventually } from '../world/eventually.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { type Person, passwordOf } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { png } from './samples.ts'
import { fetched, looksAt, uploads, uploadsReady } from './verbs.ts'

const world = useWorld()
const tidy = useWorld({ LIMIT_UNUSED_UPLOAD_SECONDS: '3600' })

const DeleteAccount = graphql(`
  mutation MediaDeleteAccount($password: String!) {
    deleteAccount(input: { password: $password }) {
      user {
        id
      }
    }
  }
`)

const file = { bytes: Buffer.from('some bytes'), filename: 'a.bin' }
const folderOf = (dataDir: string, id: string) => join(dataDir, 'media', id.slice(-2), id)

const sendsFile = (person: Person, conversationId: string, mediaId: string) =>
  person.sendsContent(conversationId, { file: { mediaId } })

const canRead = async (person: Person, mediaId: string) => {
  const media = await looksAt(person, mediaId)
  return media?.url ? (await fetched(media.url)).status : null
}

describe('reading a media item', () => {
  test('is allowed to readers of a message with it only', async () => {
    const [ada, bob, eve] = await world.friends('ada', 'bob', 'eve')
    const media = await uploads(ada, file)
    expect(await canRead(bob, media.id)).toBeNull()
    await sendsFile(ada, (await ada.opens(bob)).id, media.id)
    expect([await canRead(bob, media.id), await canRead(eve, media.id)]).toEqual([200, null])
  })

  test('is refused to members who joined after its message, and to removed members at once', async () => {
    const [ada, bob, cem] = await world.friends('ada', 'bob', 'cem')
    const group = await ada.creates('team', [bob])
    const media = await uploads(ada, file)
    await sendsFile(ada, group.id, media.id)
    await ada.adds(group.id, cem)
    expect([await canRead(bob, media.id), await canRead(cem, media.id)]).toEqual([200, null])

    const { url } = (await looksAt(bob, media.id)) ?? {}
    await ada.removes(group.id, bob)
    expect((await fetched(url)).status).toBe(404)
    expect(await looksAt(bob, media.id)).toBeNull()
  })
})

describe('recalling a message with a media item', () => {
  test('ends every URL at once and removes the bytes', async () => {
    const [ada, bob] = await world.friends('ada', 'bob')
    const { id: conversationId } = await ada.opens(bob)
    const media = await uploadsReady(ada, { bytes: await png(), filename: 'a.png', mimeType: 'image/png' })
    const message = await ada.sendsContent(conversationId, { image: { mediaId: media.id } })
    const urls = [(await looksAt(bob, media.id))?.url, media.url, media.thumbnailUrl]
    for (const url of urls) expect((await fetched(url)).status).toBe(200)

    await liveEqualsRefetch([ada, bob], () => ada.recalls(message))
    for (const url of urls) expect((await fetched(url)).status).toBe(404)
    expect([await looksAt(ada, media.id), await looksAt(bob, media.id)]).toEqual([null, null])
    await vi.waitFor(() => expect(existsSync(folderOf(world.dataDir, media.id))).toBe(false), 10_000)
  })

  test('keeps the media item while another message references it', async () => {
    const [ada, bob, cem] = await world.friends('ada', 'bob', 'cem')
    const media = await uploads(ada, file)
    const message = await sendsFile(ada, (await ada.opens(bob)).id, media.id)
    await sendsFile(ada, (await ada.opens(cem)).id, media.id)
    await ada.recalls(message)
    expect([await canRead(bob, media.id), await canRead(cem, media.id)]).toEqual([null, 200])
  })
})

describe('an unused upload', () => {
  /** Makes scheduled jobs run an hour earlier. */
  const advanceJobsByAnHour = () =>
    inDatabase(tidy, `update graphile_worker._private_jobs set run_at = run_at - interval '1 hour'`)

  /** Backends that wait for a lock. */
  const waiting = () =>
    inDatabase(
      tidy,
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )

  async function locksAllMedia() {
    const client = new pg.Client({ connectionString: tidy.databaseUrl })
    await client.connect()
    onTestFinished(() => client.end())
    await client.query('begin')
    await client.query('select from media for update')
    return () => client.query('commit')
  }

  test('is deleted with its bytes after its time; an upload in a message is kept', async () => {
    const [ada, bob] = await tidy.friends('ada', 'bob')
    const [kept, unused] = [await uploads(ada, file), await uploads(ada, file)]
    await sendsFile(ada, (await ada.opens(bob)).id, kept.id)
    await advanceJobsByAnHour()
    await vi.waitFor(async () => expect(await looksAt(ada, unused.id)).toBeNull(), 15_000)
    await vi.waitFor(() => expect(existsSync(folderOf(tidy.dataDir, unused.id))).toBe(false), 10_000)
    expect(await canRead(bob, kept.id)).toBe(200)
  })

  test('is either sent or deleted, never both, when the two race', async () => {
    const [ada, bob] = await tidy.friends('ada', 'bob')
    const { id: conversationId } = await ada.opens(bob)
    const media = await Promise.all(Array.from({ length: 16 }, () => uploads(ada, file)))
    const unlock = await locksAllMedia()
    await advanceJobsByAnHour()
    // The job that deletes unused uploads waits for the first lock.
    await eventually(async () => expect(await waiting()).not.toEqual([]))
    const sent = new Set<string>()
    const sending = Promise.all(
      media.map(async ({ id }) => {
        const code = await sendsFile(ada, conversationId, id).then(
          () => 'SENT',
          (error: { code: string }) => error.code,
        )
        expect(['SENT', 'NOT_FOUND']).toContain(code)
        if (code === 'SENT') sent.add(id)
      }),
    )
    await unlock()
    await sending
    await vi.waitFor(async () => {
      for (const { id } of media) expect((await canRead(bob, id)) === 200).toBe(sent.has(id))
      for (const { id } of media) expect((await looksAt(ada, id)) !== null).toBe(sent.has(id))
    }, 15_000)
  })
})

describe('deleting an account', () => {
  test('deletes unsent uploads and keeps sent ones', async () => {
    const [ada, bob] = await world.friends('ada', 'bob')
    const [sent, unsent] = [await uploads(ada, file), await uploads(ada, file)]
    await sendsFile(ada, (await ada.opens(bob)).id, sent.id)
    await ada.do(DeleteAccount, { password: passwordOf(ada.handle) })
    await vi.waitFor(() => expect(existsSync(folderOf(world.dataDir, unsent.id))).toBe(false), 10_000)
    expect(readdirSync(folderOf(world.dataDir, sent.id))).toHaveLength(1)
    expect(await canRead(bob, sent.id)).toBe(200)
  })
})

describe('sending a media item', () => {
  test('requires an own, completed upload of the kind of the message', async () => {
    const [ada, bob] = await world.friends('ada', 'bob')
    const { id: conversationId } = await ada.opens(bob)
    const media = await uploads(ada, file)
    expect(await refusal(sendsFile(bob, conversationId, media.id))).toBe('NOT_FOUND')
    expect(await refusal(sendsFile(ada, conversationId, 'none'))).toBe('NOT_FOUND')
    expect(await refusal(ada.sendsContent(conversationId, { image: { mediaId: media.id } }))).toBe(
      'INVALID_INPUT',
    )
    expect((await sendsFile(ada, conversationId, media.id)).seq).toBeGreaterThan(0)
  })
})
