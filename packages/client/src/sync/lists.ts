import { FriendRequests, Friends, JoinRequests, OnePerson } from '../generated/documents.ts'
import { type Signal, steady, whileRead } from '../signal.ts'
import type { Friend, JoinRequest, PeopleRead, Person, State } from '../store/state.ts'
import type { Store } from '../store/store.ts'
import {
  friendRequestsOf,
  friendsOf,
  joinRequestsOf,
  type FriendRequests as Requests,
} from '../store/views.ts'
import type { Perform } from '../transport/perform.ts'
import { repeated } from '../transport/repeated.ts'
import type { Wake } from '../transport/wake.ts'

export interface Lists {
  readonly friends: Signal<readonly Friend[]>
  readonly friendRequests: Signal<Requests>
  joinRequests(conversationId: string): Signal<readonly JoinRequest[]>
  /** null while the user is not loaded, and for an unknown id. */
  person(id: string): Signal<Person | null>
}

type Part = Omit<PeopleRead, 'type' | 'since'>

/** Lists that are read when they are first on screen, and again after a resync. Events keep them up to date. */
export function createLists(store: Store, perform: Perform, wake: Wake): Lists {
  async function apply(read: () => Promise<Part>): Promise<void> {
    const { tick } = store.get()
    const part = await read()
    store.apply({ type: 'people', since: tick, ...part })
  }

  function list<Value>(
    view: (state: State) => Value,
    isRead: (state: State) => boolean,
    read: () => Promise<void>,
  ): Signal<Value> {
    const source = steady([store], () => view(store.get()))
    return whileRead(source, () => {
      const isMissing = () => store.get().me !== null && !isRead(store.get())
      const reading = repeated(async () => (isMissing() ? read() : undefined), wake)
      const check = () => {
        if (isMissing()) reading.run()
      }
      check()
      const stop = store.subscribe(check)
      return () => {
        stop()
        reading.stop()
      }
    })
  }

  async function readFriends(): Promise<void> {
    let after: string | null | undefined
    do {
      await apply(async () => {
        const { friends } = await perform(Friends, { after })
        after = friends.pageInfo.hasNextPage ? friends.pageInfo.endCursor : null
        return {
          people: friends.nodes.map(({ user }) => user),
          values: friends.nodes.flatMap((friend) => [
            ['friends', friend.user.id, friend],
            ['remarks', friend.user.id, friend.remark],
          ]),
          listRead: after ? undefined : 'friends',
        }
      })
    } while (after)
  }

  const readRequests = () =>
    apply(async () => {
      const pages = await Promise.all(
        (['INCOMING', 'OUTGOING'] as const).map((direction) => perform(FriendRequests, { direction })),
      )
      const requests = pages.flatMap((page) => page.friendRequests.nodes)
      return {
        people: requests.flatMap(({ from, to }) => [from, to]),
        values: requests.map((request) => ['friendRequests', request.id, request]),
        listRead: 'friendRequests',
      }
    })

  const readJoinRequests = (id: string) =>
    apply(async () => {
      const { conversation } = await perform(JoinRequests, { id })
      const requests = conversation?.joinRequests?.nodes ?? []
      return {
        people: requests.map(({ user }) => user),
        values: requests.map((request) => ['joinRequests', request.id, request]),
        listRead: id,
      }
    })

  const readPerson = (id: string) =>
    apply(async () => {
      const { user } = await perform(OnePerson, { id })
      return { people: user ? [user] : [], listRead: id }
    })

  const isListed = (name: string) => (state: State) => state.listsRead.includes(name)
  return {
    friends: list(friendsOf, isListed('friends'), readFriends),
    friendRequests: list(friendRequestsOf, isListed('friendRequests'), readRequests),
    joinRequests: (id) =>
      list(
        (state) => joinRequestsOf(state, id),
        isListed(id),
        () => readJoinRequests(id),
      ),
    person: (id) =>
      list(
        (state) => state.people[id]?.value ?? null,
        (state) => id in state.people || state.listsRead.includes(id),
        () => readPerson(id),
      ),
  }
}
