import { expect } from 'vitest'
import type { AppSettings, ChatApp } from '../clients/chat-app.ts'
import { eventually } from '../world/eventually.ts'
import type { World } from '../world/world.ts'

/** An answer waits on its way while an edit and a message arrive; then a replica gives the same old answer. */
export async function answersAnOvertakenQuery(
  world: World,
  create: (settings: AppSettings) => Promise<ChatApp>,
): Promise<void> {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.opens(alice)
  const message = await bob.sends(id, 'first')
  let held: Promise<void> | null = null
  let release = () => {}
  let old = ''

  const app = await create({
    ...{ url: world.url, person: alice },
    async fetch(input, init) {
      const response = await fetch(input, init)
      if (!held || !String(init?.body).includes('OpenConversation')) return response
      old ||= await response.text()
      await held
      return new Response(old, { status: response.status, headers: response.headers })
    },
  })
  const texts = () =>
    app.history(id)?.conversation?.messages.edges.map(({ node: { plainText } }) => plainText) ?? []
  await app.start()
  await app.opens(id)
  expect(texts()).toContain('first')

  held = new Promise((resolve) => {
    release = resolve
  })
  const opening = app.opens(id)
  await eventually(() => expect(old).toContain('first'))
  await bob.edits(message, 'second')
  await bob.sends(id, 'third')
  const newest = ['You are friends now', 'second', 'third']
  await eventually(() => expect(texts()).toEqual(newest))
  release()
  await opening
  expect(texts(), 'after the answer that was overtaken').not.toContain('first')
  await eventually(() => expect(texts(), 'after the answer that was overtaken').toEqual(newest))
  await app.opens(id)
  expect(texts(), 'after the answer of a replica').not.toContain('first')
  await eventually(() => expect(texts(), 'after the answer of a replica').toEqual(newest))
}
