import { isParlanceError } from '../errors.ts'
import { OneConversation, OwnReactions, PullChanges } from '../generated/documents.ts'
import type { Asked, OwnMessage, State } from '../store/state.ts'
import type { Store } from '../store/store.ts'
import type { Perform } from '../transport/perform.ts'

/** Within the cost of one operation. */
const conversationsAtOnce = 4
const changesAtOnce = 50

/** Fetches what the state knows to be missing, until nothing is. */
export async function pullMissing(store: Store, perform: Perform, stopped: () => boolean): Promise<void> {
  while (!stopped()) {
    const work = missingIn(store.get())
    if (!work) return
    await work(store, perform)
  }
}

type Work = (store: Store, perform: Perform) => Promise<void>

function missingIn({ entries, wanted, unsure }: State): Work | null {
  const behind = Object.values(entries).filter(({ known, held }) => known > held)
  if (behind.length > 0)
    return pullChanges(
      behind
        .slice(0, conversationsAtOnce)
        .map(({ row, held }) => ({ conversationId: row.id, afterVersion: held })),
    )
  const [id] = Object.keys(wanted)
  if (id) return fetchConversation(id)
  return unsure.length > 0 ? fetchMessages(unsure.slice(0, changesAtOnce)) : null
}

const pullChanges =
  (since: Asked[]): Work =>
  async (store, perform) => {
    const { tick } = store.get()
    const { conversationChanges } = await perform(PullChanges, { since, first: changesAtOnce })
    store.apply({ type: 'pulled', since: tick, asked: since, changes: conversationChanges })
  }

const fetchConversation =
  (id: string): Work =>
  async (store, perform) => {
    const { tick } = store.get()
    const { conversation } = await perform(OneConversation, { id }).catch((error: unknown) => {
      if (isParlanceError(error) && error.code === 'NOT_FOUND') return { conversation: null }
      throw error
    })
    const missing = conversation ? [] : [id]
    store.apply({ type: 'listed', since: tick, conversations: conversation ? [conversation] : [], missing })
  }

const fetchMessages =
  (ids: readonly string[]): Work =>
  async (store, perform) => {
    const { tick } = store.get()
    const { nodes } = await perform(OwnReactions, { ids })
    const messages = nodes.flatMap((node) => (node && 'seq' in node ? [node as OwnMessage] : []))
    store.apply({ type: 'read', since: tick, messages, asked: ids })
  }
