import { foldedUserName } from '../account/folded-name.ts'
import { escapeLike } from '../account/search.ts'
import { foldName } from '../platform/language/folding/name.ts'
import { text } from '../platform/text.ts'
import { check } from '../platform/validation.ts'

/** SQL: the folded nickname of a membership `m`, as names of users are folded; null without a nickname. */
export const foldedNickname = 'coalesce(m.folded_nickname, lower(m.nickname))'

const foldedGroupName = 'coalesce(g.folded_name, lower(g.name))'
const foldedRemark = 'coalesce(f.folded_remark, lower(f.remark))'

/**
 * SQL: whether the title of a conversation `c` in the list of the user $1 contains a folded text: the name of a group, or
 * the peer's remark, name or beginning of the handle. Each conversation of the user costs a few look-ups by key.
 */
export const titleContains = (name: string, handle: string) => `case c.kind
  when 'GROUP' then exists (
    select from group_conversation g where g.conversation_id = c.id and strpos(${foldedGroupName}, ${name}) > 0)
  else exists (
    select from membership p
    join "user" u on u.id = p.user_id
    left join friendship f on f.user_id = $1 and f.friend_id = p.user_id
    where p.conversation_id = c.id and p.user_id <> $1
      and (strpos(${foldedUserName}, ${name}) > 0 or strpos(${foldedRemark}, ${name}) > 0
           or u.handle like ${handle}))
  end`

const titleSchema = text({ max: 64 })

/** The parameters of `titleContains`. */
export function readTitle(given: string, path: string): { name: string; handle: string } {
  const name = foldName(check(titleSchema, given, path))
  return { name, handle: `${escapeLike(name.replace(/^@(?=.)/u, ''))}%` }
}
