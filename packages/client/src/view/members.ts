import { Members, type MembersQuery } from '../generated/documents.ts'
import { computed, type Signal, signal, whileRead } from '../signal.ts'
import type { Store } from '../store/store.ts'
import { personOf } from '../store/views.ts'
import type { Perform } from '../transport/perform.ts'
import { repeated } from '../transport/repeated.ts'
import type { ConnectionState } from '../transport/socket.ts'
import type { Wake } from '../transport/wake.ts'

type Group = Extract<NonNullable<MembersQuery['conversation']>, { readonly members: unknown }>
export type Member = Group['members']['nodes'][number]

export interface MemberList extends Signal<{ readonly items: readonly Member[]; readonly hasMore: boolean }> {
  /** Loads the next hundred. */
  more(): void
}

export interface MemberViews {
  readonly members: MemberList
  /** Work that keeps the read positions of a group up to date, while it runs. */
  followPositions(): () => void
}

interface Given {
  store: Store
  perform: Perform
  wake: Wake
  connection: Signal<ConnectionState>
}

const pageSize = 100
/** Groups above it have no receipts. */
const receiptGroupSize = 200
const nothing = { items: [] as readonly Member[], hasMore: false }

/**
 * The members of a group while they are on screen. They have no events of their own: a change of the group reads them
 * again. Their read positions are not delivered again after a cut, so that a new connection reads them again, too.
 */
export function memberViews(id: string, { store, perform, wake, connection }: Given): MemberViews {
  const loaded = signal(nothing)
  const wanted = signal(pageSize)

  async function read(count: number): Promise<typeof nothing> {
    const { tick } = store.get()
    const items: Member[] = []
    let after: string | null = null
    let hasMore = true
    while (hasMore && items.length < count) {
      const { conversation }: MembersQuery = await perform(Members, { id, first: pageSize, after })
      const page: Group['members'] | undefined =
        conversation && 'members' in conversation ? conversation.members : undefined
      items.push(...(page?.nodes ?? []))
      hasMore = page?.pageInfo.hasNextPage ?? false
      after = page?.pageInfo.endCursor ?? null
    }
    store.apply({ type: 'people', since: tick, people: items.map(({ user }) => user) })
    const positions = Object.fromEntries(items.map(({ user, readSeq }) => [user.id, readSeq]))
    store.apply({ type: 'positions', since: tick, conversationId: id, positions })
    return { items, hasMore }
  }

  function following(work: () => Promise<void>, ...triggers: Signal<unknown>[]): () => void {
    const reading = repeated(work, wake)
    const stops = triggers.map((trigger) => trigger.subscribe(() => reading.run()))
    reading.run()
    return () => {
      for (const stop of stops) stop()
      reading.stop()
    }
  }

  const row = () => store.get().entries[id]?.row
  const changed = computed([store], () => store.get().entries[id]?.rowAt ?? null)
  const isOpen = computed([connection], () => connection.get() === 'open')
  const receiptsEnabled = computed([store], () => store.get().me?.readReceipts)
  // A first screen, or joining again, begins the entry anew.
  const begun = computed([store], () => {
    const joinedAt = row()?.membership.joinedAt
    return joinedAt && `${store.get().startedAt} ${joinedAt}`
  })
  const people = computed([store], () => store.get().people)
  const shown = computed([loaded, people], () => {
    const { items, hasMore } = loaded.get()
    return {
      hasMore,
      items: items.map((member) => ({ ...member, user: personOf(store.get(), member.user) })),
    }
  })

  return {
    members: {
      ...whileRead(shown, () =>
        following(
          async () => {
            if (row()?.__typename === 'GroupConversation') loaded.set(await read(wanted.get()))
          },
          changed,
          wanted,
        ),
      ),
      more() {
        if (loaded.get().hasMore) wanted.set(loaded.get().items.length + pageSize)
      },
    },
    followPositions: () =>
      following(
        async () => {
          const held = row()
          if (
            held?.__typename === 'GroupConversation' &&
            held.memberCount <= receiptGroupSize &&
            isOpen.get()
          )
            await read(receiptGroupSize)
        },
        isOpen,
        receiptsEnabled,
        begun,
      ),
  }
}
