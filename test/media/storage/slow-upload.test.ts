import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createS3Client } from '../../../src/media/storage/s3/client.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** A storage that says which bytes have arrived, and an upload to it. */
async function uploadToStorage() {
  const arrivals = new EventEmitter()
  const storage = createServer((request, response) => {
    request.on('data', (chunk) => arrivals.emit('bytes', String(chunk)))
    request.on('end', () => response.end())
    request.on('error', () => {})
  })
  storage.listen(0, '127.0.0.1')
  await once(storage, 'listening')
  onTestFinished(() => void storage.closeAllConnections())
  onTestFinished(() => void storage.close())
  const url = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/bucket`
  const client = createS3Client({
    ...{ url, publicUrl: url, bucket: 'bucket', region: 'us-east-1' },
    ...{ accessKeyId: 'key', secretAccessKey: 'secret' },
  })
  const body = new PassThrough()
  const done = client.request('PUT', 'video', {}, body)
  const sends = async (text: string) => {
    const arrived = once(arrivals, 'bytes')
    body.write(text)
    expect(await arrived).toEqual([text])
  }
  return { sends, ends: () => body.end(), done }
}

test('an upload to S3 may take minutes while its bytes arrive', async () => {
  const { sends, ends, done } = await uploadToStorage()
  for (const text of ['one', 'two', 'three', 'four']) {
    await sends(text)
    vi.advanceTimersByTime(59_000)
  }
  ends()
  expect((await done).status).toBe(200)
})

test('an upload to S3 without a byte for a minute ends', async () => {
  const { sends, done } = await uploadToStorage()
  const refused = done.catch((error: unknown) => error)
  await sends('one')
  vi.advanceTimersByTime(60_000)
  expect(await refused).toMatchObject({ code: 'UNAVAILABLE' })
})
