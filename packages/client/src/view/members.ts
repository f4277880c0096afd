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
  let wanted = pageSize

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

  function following(
    work: () => Promise<void>,
    triggers: readonly Signal<unknown>[],
    onMore?: Set<() => void>,
  ) {
    const reading = repeated(work, wake)
    const run = () => reading.run()
    onMore?.add(run)
    const stops = triggers.map((trigger) => trigger.subscribe(run))
    run()
    return () => {
      onMore?.delete(run)
      for (const stop of stops) stop()
      reading.stop()
    }
  }

  const isGroup = () => store.get().entries[id]?.row.__typename === 'GroupConversation'
  const changed = computed([store], () => store.get().entries[id]?.rowAt ?? null)
  const isOpen = computed([connection], () => connection.get() === 'open')
  const readers = new Set<() => void>()
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
            if (isGroup()) loaded.set(await read(wanted))
          },
          [changed],
          readers,
        ),
      ),
      more() {
        if (!loaded.get().hasMore) return
        wanted = loaded.get().items.length + pageSize
        for (const run of readers) run()
      },
    },
    followPositions: () =>
      following(async () => {
        const row = store.get().entries[id]?.row
        if (row?.__typename !== 'GroupConversation' || row.memberCount > receiptGroupSize || !isOpen.get())
          return
        await read(receiptGroupSize)
      }, [
        isOpen,
        computed([store], () => store.get().me?.readReceipts ?? null),
        computed([store], () => id in store.get().entries),
      ]),
  }
}
