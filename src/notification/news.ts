/** New messages, and who is to hear of them. */
export interface News {
  conversationId: string
  seqs: number[]
  /** Only mentions are told of: the group is large. */
  onlyMentions: boolean
  /** Nobody but these, if it is known who. */
  userIds: string[] | null
}

/** Which messages s reach the member m: $1 is the conversation, $2 their numbers, $3 says that only mentions do. */
export const reaching = `
  s.conversation_id = $1 and s.seq = any($2::integer[]) and s.sender_id <> m.user_id and s.seq >= m.visible_from_seq
  and (not $3::boolean or exists (
    select from mention n where n.conversation_id = $1 and n.seq = s.seq and (n.user_id is null or n.user_id = m.user_id)))
  and not exists (select from block b where b.blocker_id = m.user_id and b.blocked_id = s.sender_id)`
