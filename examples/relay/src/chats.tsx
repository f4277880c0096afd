import { Suspense, useEffect, useEffectEvent, useState } from 'react'
import { graphql, useLazyLoadQuery, useRelayEnvironment } from 'react-relay'
import { Chat } from './chat.tsx'
import type { chatsFirstQuery } from './generated/chatsFirstQuery.graphql.ts'
import { receiveEvents } from './inbox.ts'
import { session } from './parlance.ts'

interface ChatsProps {
  open: string | null
  onOpen: (id: string) => void
  /** The subscription has ended, so what is on the screen is no longer kept up to date. */
  onEnd: () => void
}

export function Chats({ open, onOpen, onEnd }: ChatsProps) {
  const [reloads, setReloads] = useState(0)
  const { me, conversations, syncCursor } = useLazyLoadQuery<chatsFirstQuery>(
    graphql`
      query chatsFirstQuery {
        syncCursor
        me {
          unreadCount
          user {
            displayName
          }
        }
        conversations(first: 30) @connection(key: "chats_conversations") {
          edges {
            cursor
            node {
              id
              title
              lastActivityAt
              membership {
                unreadCount
                pinned
              }
            }
          }
        }
      }
    `,
    {},
    { fetchKey: reloads, fetchPolicy: 'store-and-network' },
  )
  const environment = useRelayEnvironment()
  // The first cursor counts: a later one may be newer than the history on the screen.
  const [after] = useState(syncCursor)
  const ended = useEffectEvent(onEnd)
  useEffect(
    () => receiveEvents(environment, after, () => setReloads((count) => count + 1), ended),
    [environment, after],
  )
  const rank = ({ id, lastActivityAt, membership }: (typeof conversations.edges)[number]['node']) =>
    `${membership.pinned ? 1 : 0} ${lastActivityAt} ${id}`
  const rows = conversations.edges.map(({ node }) => node).sort((a, b) => (rank(a) < rank(b) ? 1 : -1))
  return (
    <>
      <h1>
        {me.user.displayName} ({me.unreadCount})
      </h1>
      <nav>
        {rows.map(({ id, title, membership: { unreadCount } }) => (
          <button key={id} type="button" onClick={() => onOpen(id)}>
            {title} {unreadCount > 0 && `(${unreadCount})`}
          </button>
        ))}
      </nav>
      <Suspense fallback="Loading…">{open && <Chat key={open} id={open} reloads={reloads} />}</Suspense>
      <button type="button" onClick={() => void session.logout()}>
        Sign out
      </button>
    </>
  )
}
