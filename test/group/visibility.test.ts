import { expect, test } from 'vitest'
import { finds, indexed, suggestions } from '../search/verbs.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { announced, announces, approves, asksToJoin, invites, joins } from './verbs.ts'

const world = useWorld()

const ways: Record<string, (owner: Person, id: string, joiner: Person) => Promise<unknown>> = {
  'added by an admin': (owner, id, joiner) => owner.adds(id, joiner),
  'by an invite': async (owner, id, joiner) =>
    joins(joiner, { inviteCode: (await invites(owner, id)).inviteCode }),
  'by a join request': async (owner, id, joiner) => approves(owner, await asksToJoin(joiner, id)),
  'by an open group': async (owner, id, joiner) => {
    await owner.changesGroup(id, { joinPolicy: 'OPEN' })
    await joins(joiner, { groupId: id })
  },
}

const mentionAll = (text: string) => ({
  richText: { parts: [{ mentionAll: { displayText: '@all' } }, { text: ` ${text}` }] },
})

test.each(Object.entries(ways))(
  'a new member %s sees earlier messages only as historyVisibility allows, in every query and event',
  async (_way, join) => {
    for (const historyVisibility of ['SINCE_JOINED', 'ALL'] as const) {
      const [owner, joiner] = await world.friends('owner', 'joiner')
      const { id } = await owner.creates('Team', [], { joinPolicy: 'APPROVAL', historyVisibility })
      const old = await owner.sendsContent(id, mentionAll('yesterday'))
      const older = await owner.sends(id, 'long ago')
      await announces(owner, id, 'replaced')
      await announces(owner, id, 'current')
      const { cursor } = await joiner.sync()
      const inbox = await joiner.listens({ after: cursor })
      await join(owner, id, joiner)
      const quoting = await owner.sends(id, 'today', { quoteSeq: old.seq })
      await inbox.sees('MessagesChanged', (event) =>
        event.messages.some((message) => message.id === quoting.id),
      )
      await owner.edits(older, 'yesterday too')
      await owner.recalls(old)
      const last = await owner.sends(id, 'tomorrow')
      await inbox.sees('MessagesChanged', (event) => event.messages.some((message) => message.id === last.id))
      await indexed(world.databaseUrl)

      const all = historyVisibility === 'ALL'
      const { visibleFromSeq, unreadMentionCount } = (await joiner.conversation(id))?.membership ?? {}
      expect(unreadMentionCount).toBe(0)
      const received = inbox.events.flatMap((event) =>
        event.__typename === 'MessagesChanged' && event.conversationId === id ? event.messages : [],
      )
      const held = [
        ...((await joiner.history(id)) ?? []),
        ...((await joiner.changes(id, 0))?.messages ?? []),
        ...received,
      ]
      expect(held.every((message) => message.seq >= (visibleFromSeq ?? 1))).toBe(true)
      expect(held.some((message) => message.id === older.id)).toBe(all)
      expect((await joiner.message(older.id)) !== null).toBe(all)
      expect((await joiner.message(quoting.id))?.quote?.id ?? null).toBe(all ? old.id : null)
      expect((await finds(joiner, 'yesterday')).length).toBe(all ? 1 : 0)
      expect((await suggestions(joiner, 'yesterd')).length).toBe(all ? 1 : 0)
      expect(await announced(joiner, id)).toEqual(all ? ['current', 'replaced'] : ['current'])
    }
  },
)
