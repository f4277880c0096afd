import type { Person } from '../../../../world/person.ts'
import { perform } from '../perform.ts'
import { type Call, key, long, type Scene, type Scenes, type Stage, unknown } from '../stage.ts'

interface Place {
  id: string
}

const sending = (as: Person, { id }: Place, text = 'hello', clientMessageId = key()): Call => ({
  as,
  input: { conversationId: id, clientMessageId, content: { text } },
})

const editing = (as: Person, { id }: Place, text: string = key()): Call => ({
  as,
  input: { messageId: id, content: { text } },
})

const on = (as: Person, { id }: Place): Call => ({ as, input: { messageId: id } })

const reacting = (as: Person, { id }: Place, emoji = '👍'): Call => ({ as, input: { messageId: id, emoji } })

const forwarding = (as: Person, from: Place, seqs: number[], ...to: Place[]): Call => ({
  as,
  input: {
    mode: 'SEPARATE',
    sourceConversationId: from.id,
    seqs,
    targets: to.map(({ id }) => ({ conversationId: id, clientMessageId: key() })),
  },
})

/** A new user with a message in a group of their own, and all sends of the burst left. */
async function writer({ world }: Stage) {
  const writer = await world.person('wendy')
  const { id } = await writer.creates('notes', [])
  return { writer, place: { id }, message: await writer.sends(id, 'a note') }
}

/** An old message of a user who may neither edit nor recall it any more. */
const old =
  (act: typeof on): Scene =>
  async ({ alice, bob, sql }) => {
    const group = await alice.creates('the old club', [bob])
    const message = await bob.sends(group.id, key())
    await sql(`update message set sent_at = now() - interval '2 years' where id = $1`, message.id)
    return act(bob, message)
  }

const burst = 60

export const messageScenes: Scenes = {
  sendMessage: {
    BLOCKED: ({ alice, blocked }) => sending(alice, blocked),
    CONFLICT: async ({ alice, direct }) => {
      const clientMessageId = key()
      await alice.sends(direct.id, 'one', { clientMessageId })
      return sending(alice, direct, 'another', clientMessageId)
    },
    FORBIDDEN: ({ bob, announcements }) => sending(bob, announcements),
    INVALID_INPUT: ({ alice, direct }) => sending(alice, direct, ''),
    MUTED: ({ bob, muted }) => sending(bob, muted),
    NOT_FRIENDS: ({ alice, parted }) => sending(alice, parted),
    RATE_LIMITED: ({ bob, slow }) => sending(bob, slow),
  },
  editMessage: {
    BLOCKED: ({ alice, blocked }) => editing(alice, blocked.message),
    CONFLICT: ({ bob, recalled }) => editing(bob, recalled),
    FORBIDDEN: ({ bob, message }) => editing(bob, message),
    INVALID_INPUT: ({ alice, message }) => editing(alice, message, long),
    LIMIT_EXCEEDED: async ({ bob, bobs }) => {
      await bob.edits(bobs, 'hello again')
      return editing(bob, bobs)
    },
    MUTED: ({ bob, unheard }) => editing(bob, unheard),
    NOT_FRIENDS: ({ alice, parted }) => editing(alice, parted.message),
    RATE_LIMITED: async (stage) => {
      const { writer: wendy, message } = await writer(stage)
      return { ...editing(wendy, message, 'a note'), upTo: burst }
    },
    TOO_LATE: old((as, message) => editing(as, message)),
  },
  recallMessage: {
    FORBIDDEN: ({ bob, message }) => on(bob, message),
    TOO_LATE: old(on),
  },
  addReaction: {
    BLOCKED: ({ alice, blocked }) => reacting(alice, blocked.message),
    CONFLICT: ({ alice, recalled }) => reacting(alice, recalled),
    FORBIDDEN: ({ alice, system }) => reacting(alice, system),
    INVALID_INPUT: ({ alice, message }) => reacting(alice, message, 'x'),
    LIMIT_EXCEEDED: async (stage) => {
      const { writer: wendy, message } = await writer(stage)
      await perform(wendy, 'addReaction', reacting(wendy, message))
      return reacting(wendy, message, '🎉')
    },
    MUTED: ({ bob, unheard }) => reacting(bob, unheard),
    NOT_FRIENDS: ({ alice, parted }) => reacting(alice, parted.message),
    RATE_LIMITED: async (stage) => {
      const { writer: wendy, message } = await writer(stage)
      return { ...reacting(wendy, message), upTo: burst }
    },
  },
  removeReaction: { INVALID_INPUT: ({ alice, message }) => reacting(alice, message, 'x') },
  pinMessage: {
    BLOCKED: ({ alice, blocked }) => on(alice, blocked.message),
    CONFLICT: ({ alice, recalled }) => on(alice, recalled),
    FORBIDDEN: ({ bob, message }) => on(bob, message),
    LIMIT_EXCEEDED: async (stage) => {
      const { writer: wendy, place, message } = await writer(stage)
      await perform(wendy, 'pinMessage', on(wendy, message))
      return on(wendy, await wendy.sends(place.id, 'another note'))
    },
    NOT_FRIENDS: ({ alice, parted }) => on(alice, parted.message),
  },
  unpinMessage: {
    BLOCKED: ({ alice, blocked }) => on(alice, blocked.message),
    FORBIDDEN: ({ bob, message }) => on(bob, message),
    NOT_FRIENDS: ({ alice, parted }) => on(alice, parted.message),
  },
  forwardMessages: {
    BLOCKED: ({ alice, group, message, blocked }) => forwarding(alice, group, [message.seq], blocked),
    CONFLICT: ({ alice, group, recalled, direct }) => forwarding(alice, group, [recalled.seq], direct),
    FORBIDDEN: ({ alice, group, direct }) => forwarding(alice, group, [1], direct),
    INVALID_INPUT: ({ alice, group, direct }) => forwarding(alice, group, [], direct),
    LIMIT_EXCEEDED: ({ alice, group, direct }) => forwarding(alice, group, [1, 2, 3, 4], direct),
    MUTED: ({ bob, group, message, muted }) => forwarding(bob, group, [message.seq], muted),
    NOT_FRIENDS: ({ alice, group, message, parted }) => forwarding(alice, group, [message.seq], parted),
    RATE_LIMITED: ({ bob, group, message, slow }) => forwarding(bob, group, [message.seq], slow),
  },
  markRead: {
    INVALID_INPUT: ({ alice, direct }) => ({ as: alice, input: { conversationId: direct.id, readSeq: -1 } }),
  },
  reportMessage: {
    FORBIDDEN: ({ bob, bobs }) => ({ as: bob, input: { messageId: bobs.id, reason: 'SPAM' } }),
    INVALID_INPUT: ({ bob, message }) => ({
      as: bob,
      input: { messageId: message.id, reason: 'SPAM', note: long },
    }),
    RATE_LIMITED: async ({ alice, carol, group }) => {
      const ids = [1, 2, 3].map(async (n) => (await alice.sends(group.id, `watches ${n}`)).id)
      const calls = (await Promise.all(ids)).map(
        (id, at) => `a${at}: reportMessage(input: { messageId: "${id}", reason: SPAM }) { __typename }`,
      )
      return { as: carol, text: `mutation { ${calls.join(' ')} }` }
    },
  },
  updateMembership: {
    INVALID_INPUT: ({ alice, group }) => ({ as: alice, input: { conversationId: group.id, nickname: long } }),
  },
  acknowledge: { INVALID_INPUT: ({ alice }) => ({ as: alice, input: { cursor: unknown.id } }) },
}
