import { ApolloClient, InMemoryCache } from '@apollo/client'
import { createParlanceLink, parlanceCache } from '@parlance/apollo'
import { Changes, First, Inbox } from './documents.ts'

const parlance = createParlanceLink({ url: 'http://localhost:4000' })

export const client = new ApolloClient({ link: parlance.link, cache: new InMemoryCache(parlanceCache()) })
export const { session } = parlance
/** Keeps the cache equal to the server, until the returned function is called. */
export const follow = () => parlance.follow(client, { first: First, inbox: Inbox, changes: Changes })
