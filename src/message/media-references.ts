import { lockConversations } from '../conversation/lock.ts'
import { marksOf } from '../conversation/marks.ts'
import type { Listener } from '../hooks.ts'

const holding = `select distinct conversation_id as id from message_media where media_id = $1`

// Each message that references the media item gets a version of its own, so that `changes` returns it.
const renew = `
  with held as (
    select conversation_id, seq,
           (row_number() over (partition by conversation_id order by seq))::integer as step
    from message_media where media_id = $1
  ), changed as (
    update conversation c
    set version = c.version + n.steps
    from (select conversation_id, max(step) as steps from held group by conversation_id) n
    where c.id = n.conversation_id
    returning c.id, c.version, c.version - n.steps as base, c.delivery_mode
  ), ${marksOf('changed')}, moved as (
    update message s
    set version = changed.base + held.step, changed_at = clock_timestamp()
    from held join changed on changed.id = held.conversation_id
    where s.conversation_id = held.conversation_id and s.seq = held.seq
  )
  select distinct m.user_id as "userId"
  from held join changed on changed.id = held.conversation_id and changed.delivery_mode <> 'SIGNAL'
  join membership m on m.conversation_id = held.conversation_id and m.visible_from_seq <= held.seq`

interface Id {
  id: string
}

export const lockMediaReferences: Listener<'mediaReferencesLocked'> = async ({ sql }, mediaId) => [
  ...(await lockConversations(sql, { ids: `array(${holding})`, params: [mediaId] })).keys(),
]

export const renewMediaReferences: Listener<'mediaReferencesRenewed'> = async (
  { sql, deliver },
  { mediaId, locked },
) => {
  const held = await sql.query<Id>(holding, [mediaId])
  if (held.some(({ id }) => !locked.includes(id))) return null
  for (const { id } of held) deliver(id)
  return (await sql.query<{ userId: string }>(renew, [mediaId])).map(({ userId }) => userId)
}
