import { afterAll, expect, test } from 'vitest'
import { refusal } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'
import { createsUpload, looksAt, uploads } from '../verbs.ts'
import { audio, pausableStandIn } from './pausable-ffmpeg.ts'

const probe = await pausableStandIn()
const world = useWorld(probe.settings)
// The server cannot close while it waits for the stand-in.
afterAll(async () => {
  await probe.resume()
  await probe.remove()
})

test('a media item that becomes READY after it was sent is announced to readers, with its message', async () => {
  const [ada, bob, eve] = await world.friends('ada', 'bob', 'eve')
  const { id: conversationId } = await ada.opens(bob)
  const { id } = await uploads(ada, audio)
  await probe.started()
  const message = await ada.sendsContent(conversationId, { audio: { mediaId: id } })
  expect(await looksAt(bob, id)).toMatchObject({ status: 'PROCESSING', url: null })

  const [bobs, eves] = [await bob.listens(), await eve.listens()]
  await liveEqualsRefetch([ada, bob], async () => {
    await probe.resume()
    await bobs.sees('MediaChanged', (event) => event.media.id === id && event.media.status === 'READY')
    await bobs.sees('MessagesChanged', (event) =>
      event.messages.some((each) => each.id === message.id && each.version > message.version),
    )
  })
  expect(eves.events.some((event) => event.__typename === 'MediaChanged')).toBe(false)
  expect(await looksAt(bob, id)).toMatchObject({ status: 'READY', durationMs: 1500 })
  const changes = await bob.changes(conversationId, message.version)
  expect(changes?.messages.map((each) => each.id)).toEqual([message.id])
})

test('a media item without uploaded bytes cannot be sent', async () => {
  const [ada, bob] = await world.friends('ada', 'bob')
  const { id: conversationId } = await ada.opens(bob)
  const { bytes, ...named } = audio
  const { media } = await createsUpload(ada, { ...named, byteSize: bytes.length })
  const sent = ada.sendsContent(conversationId, { audio: { mediaId: media.id } })
  expect(await refusal(sent)).toBe('INVALID_INPUT')
})
