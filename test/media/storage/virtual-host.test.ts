import dns, { type LookupAddress } from 'node:dns'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { useWorld } from '../../world/world.ts'
import { png } from '../samples.ts'
import { completes, createsUpload, fetched, sendsBytes, uploadsReady } from '../verbs.ts'
import { openBucket } from './bucket.ts'

type Answered = (error: Error | null, address: string | LookupAddress[], family?: number) => void

const lookup = dns.lookup

beforeAll(() => {
  const local = (name: string, options: { all?: boolean }, answered: Answered) => {
    if (!name.endsWith('.localhost')) return lookup(name, options as never, answered as never)
    if (options.all) answered(null, [{ address: '127.0.0.1', family: 4 }])
    else answered(null, '127.0.0.1', 4)
  }
  vi.spyOn(dns, 'lookup').mockImplementation(local as never)
})
afterAll(() => void vi.restoreAllMocks())

const bucket = await openBucket('virtual-host')
afterAll(() => bucket.close())
const world = useWorld(bucket.settings)
const text = Buffer.from('Dear bucket, nothing happened today.')

test.each([false, true])(
  'an upload to a storage that finds the bucket in the host is completed and read (form: %s)',
  async (form) => {
    const ada = await world.person('ada')
    const note = { filename: 'note.txt', mimeType: 'text/plain', byteSize: text.length, form }
    const ticket = await createsUpload(ada, note)
    expect(new URL(ticket.url).hostname).toBe('parlance.storage.localhost')
    expect((await sendsBytes(ticket, text)).ok).toBe(true)
    const media = await completes(ada, ticket.media.id)
    expect((await fetched(media.url)).bytes).toEqual(text)
  },
)

test('an image in such a storage is rendered, and its original removed', async () => {
  const ada = await world.person('ada')
  const media = await uploadsReady(ada, { bytes: await png(), mimeType: 'image/png' })
  expect(media.status).toBe('READY')
  await vi.waitFor(async () => expect(await bucket.keys(media.id)).toHaveLength(2), 10_000)
})
