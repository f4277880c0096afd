import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../world/eventually.ts'
import { Edit, First, Glance, Open } from './documents.ts'
import { fakeServer } from './fake-server.ts'
import { readers } from './readers.ts'
import { changed, changes, me, message, page, removed, row, screen, sent, signal } from './state.ts'

/** Once answers have reached the cache, and failures what repeats them. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate()
}

describe.each(Object.entries(readers))('with %s', (_, create) => {
  async function follows(first = screen([row(3)])) {
    const server = fakeServer()
    const reader = create(server)
    const stop = reader.follow()
    const { answer } = await server.asks('First')
    answer(first)
    await server.isOpen()
    /** Waits until the cache has what a refetch would give. */
    const shows = (document: string, expected: object) =>
      eventually(() => expect(reader.holds(document, { id: 'c' })).toEqual(expected))
    /** Asks the server, and returns what answers. */
    async function asks(document: string, name: string) {
      const asked = reader.asks(document, { id: 'c' })
      const { answer } = await server.asks(name)
      return async (data: object) => {
        answer(data)
        await asked
      }
    }
    async function opens(state: object) {
      await (await asks(Open, 'Open'))(state)
    }
    return { server, reader, stop, shows, asks, opens }
  }

  test('a page that was asked for before a pull and answered after it replaces what was pulled', async () => {
    const { server, shows, asks } = await follows()
    const answers = await asks(Open, 'Open')
    await server.sends(signal(4))
    const pull = await server.asks('Changes')
    pull.answer(changes(4, [message(1, 4, 'first')]))
    await shows(First, screen([row(4)]))
    await answers(page(5, [message(1, 5, 'recalled')]))
    await shows(Open, page(5, [message(1, 5, 'recalled')]))
  })

  test('a pull that was asked for before a page and answered after it replaces the page', async () => {
    const { server, shows, asks } = await follows()
    await server.sends(signal(4))
    const pull = await server.asks('Changes')
    const answers = await asks(Open, 'Open')
    await answers(page(4, [message(1, 4, 'first')]))
    pull.answer(changes(5, [message(1, 5, 'recalled'), message(2, 4, 'second')]))
    await shows(First, screen([row(5)]))
    await shows(Open, page(5, [message(1, 5, 'recalled'), message(2, 4, 'second')]))
  })

  test('an event between the answers to two requests is shown after both', async () => {
    const { server, shows, asks, opens } = await follows()
    await opens(page(3, [message(1, 3, 'first')]))
    const first = await asks(Open, 'Open')
    await server.sends(changed(3))
    const second = await asks(Glance, 'Glance')
    await second(page(3, [message(1, 3, 'first')]))
    await server.sends(sent(3, 4, [message(1, 4, 'recalled')]))
    await shows(Open, page(4, [message(1, 4, 'recalled')]))
    await first(page(3, [message(1, 3, 'first')]))
    const pull = await server.asks('Changes')
    pull.answer(changes(4, [message(1, 4, 'recalled')]))
    await eventually(() => expect(server.waiting()).toEqual([]))
    await shows(Open, page(4, [message(1, 4, 'recalled')]))
  })

  test('a row whose last message has changed meanwhile shows it as it is', async () => {
    const { server, shows, asks, opens } = await follows()
    const first = message(1, 3, 'first')
    const answers = await asks(First, 'First')
    await server.sends(changed(3, { lastMessage: first }))
    await shows(First, screen([row(3, { lastMessage: first })]))
    await opens(page(4, [message(1, 4, 'recalled')]))
    await answers(screen([row(3, { lastMessage: first })]))
    await shows(Open, page(4, [message(1, 4, 'recalled')]))
  })

  test('an optimistic edit that was answered before a recall does not undo it', async () => {
    const { server, reader, shows, opens } = await follows()
    await opens(page(3, [message(1, 3, 'first'), message(2, 3, 'second')]))
    const edits = ['m1', 'm2'].map((id) => reader.mutates(Edit, { id, text: 'edited' }))
    const one = await server.asks('Edit')
    const other = await server.asks('Edit')
    one.answer({ editMessage: { __typename: 'EditMessagePayload', message: message(1, 4, 'edited') } })
    await settled()
    await server.sends(sent(3, 5, [message(1, 5, 'recalled')]))
    other.answer({ editMessage: { __typename: 'EditMessagePayload', message: message(2, 6, 'edited') } })
    await Promise.all(edits)
    await server.sends(sent(5, 6, [message(2, 6, 'edited')]))
    await shows(Open, page(6, [message(1, 5, 'recalled'), message(2, 6, 'edited')]))
  })

  test('a list that was asked for before events has what they added, and not what they removed', async () => {
    const { server, shows, asks } = await follows(screen([row(3), row(3, { id: 'd' })]))
    const answers = await asks(First, 'First')
    await server.sends(removed('d'))
    await server.sends(changed(1, { id: 'e' }))
    await server.sends(me(7))
    await answers(screen([row(3), row(3, { id: 'd' })]))
    await shows(First, screen([row(1, { id: 'e' }), row(3)], 7))
  })

  test('a conversation that the viewer has left stays out of the list when its pull arrives', async () => {
    const { server, shows } = await follows(screen([row(3), row(3, { id: 'd' })]))
    await server.sends(signal(4, 'd'))
    const pull = await server.asks('Changes')
    await server.sends(removed('d'))
    pull.answer(changes(4, [message(1, 4, 'not for you')], { id: 'd' }))
    await eventually(() => expect(server.waiting()).toEqual([]))
    await server.sends(me(1))
    await shows(First, screen([row(3)], 1))
  })

  test('a large group that was not listed is listed once it changes', async () => {
    const { server, shows } = await follows()
    await server.sends(signal(900, 'd'))
    const pull = await server.asks('Changes')
    expect(pull.variables).toEqual({ since: [{ conversationId: 'd', afterVersion: 900 }] })
    pull.answer(changes(900, [], { id: 'd' }))
    await shows(First, screen([row(900, { id: 'd' }), row(3)]))
  })

  test('what changed while nothing was followed is pulled', async () => {
    const { server, reader, stop, shows, opens } = await follows()
    await opens(page(3, [message(1, 3, 'first')]))
    stop()
    reader.follow()
    const { answer } = await server.asks('First')
    answer(screen([row(4)]))
    const pull = await server.asks('Changes')
    expect(pull.variables).toEqual({ since: [{ conversationId: 'c', afterVersion: 3 }] })
    pull.answer(changes(4, [message(1, 4, 'recalled')]))
    await shows(Open, page(4, [message(1, 4, 'recalled')]))
  })

  test('after the server lost changes, nothing of them is left', async () => {
    const { server, shows, asks, opens } = await follows()
    await opens(page(9, [message(1, 3, 'first'), message(2, 9, 'lost')]))
    await server.sends({ __typename: 'ResyncRequired' })
    const { answer } = await server.asks('First')
    answer(screen([row(3)]))
    await shows(First, screen([row(3)]))
    const answers = await asks(Open, 'Open')
    await answers(page(3, [message(1, 2, 'before')]))
    await shows(Open, page(3, [message(1, 2, 'before')]))
  })

  test.each(['First', 'Changes'])('a request %s that fails after the end is not repeated', async (name) => {
    const server = fakeServer()
    const reader = create(server)
    reader.follow()
    const first = await server.asks('First')
    if (name === 'Changes') {
      first.answer(screen([row(3)]))
      await server.sends(signal(4))
    }
    const last = name === 'First' ? first : await server.asks(name)
    reader.close()
    last.fail()
    await settled()
    server.wakes()
    await settled()
    expect(server.waiting()).toEqual([])
  })

  test('nothing is followed after the end', async () => {
    const { server, reader } = await follows()
    reader.close()
    reader.follow()
    await settled()
    expect(server.waiting()).toEqual([])
  })
})
