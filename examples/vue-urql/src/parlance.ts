import { createParlanceExchanges, parlanceGraphcache } from '@parlance/urql'
import { cacheExchange } from '@urql/exchange-graphcache'
import { Client } from '@urql/vue'
import { Changes, First, Inbox } from './documents.ts'
import { graphcacheSchema } from './generated/parlance.ts'

const url = 'http://localhost:4000'
const parlance = createParlanceExchanges({ url })
const cache = () => cacheExchange(parlanceGraphcache(graphcacheSchema))

export const { session } = parlance
export const createClient = () =>
  new Client({ url, preferGetMethod: false, exchanges: [cache(), ...parlance.exchanges] })
/** Keeps the cache equal to the server, until the returned function is called. */
export const follow = (client: Client) =>
  parlance.follow(client, { first: First, inbox: Inbox, changes: Changes })
