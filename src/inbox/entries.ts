// A user's entries are in two tables: that of the messages that changed last in user_stream, the others in inbox_entry.

/** SQL: a row of inbox_entry is not out of date. */
export const isCurrent = (userId: string) => `
  (kind <> 'messages'
   or subject_id is distinct from (select messages_of from user_stream where user_id = ${userId}))`

/** SQL: the number of the latest change of a conversation's messages in a user's stream; 0 if none. */
export const messagesNumber = (userId: string, conversationId: string) => `
  coalesce(
    (select messages_seq from user_stream where user_id = ${userId} and messages_of = ${conversationId}),
    (select seq from inbox_entry where user_id = ${userId} and kind = 'messages' and subject_id = ${conversationId}), 0)`
