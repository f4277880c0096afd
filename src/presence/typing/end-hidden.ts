import type { Services } from '../../context.ts'
import { mayType, typingAudience } from './audience.ts'
import { ended, type Heard } from './event.ts'

/** Once something else stands between people, whoever may hear no more that somebody types is told that it is over. */
export async function partTypists(
  { sql, config, log }: Pick<Services, 'sql' | 'config' | 'log'>,
  heard: Iterable<Heard>,
): Promise<void> {
  const byTypist = new Map<string, Heard[]>()
  for (const each of heard) {
    const key = `${each.typing.conversationId} ${each.typing.userId}`
    byTypist.set(key, [...(byTypist.get(key) ?? []), each])
  }
  for (const all of byTypist.values())
    await part({ sql, config }, all).catch((error) =>
      log.warn({ err: error }, 'the end of typing could not be told; it ends by itself'),
    )
}

async function part({ sql, config }: Pick<Services, 'sql' | 'config'>, all: readonly Heard[]): Promise<void> {
  const [first] = all
  if (!first) return
  const { conversationId, userId } = first.typing
  const may = await mayType({ sql, config }, conversationId, userId)
  const audience = new Set(may ? await typingAudience(sql, conversationId, userId) : [])
  for (const { viewerId, listener, typing } of all) if (!audience.has(viewerId)) listener.hear(ended(typing))
}
