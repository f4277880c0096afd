/** SQL: the recalled messages after the read position of a membership `m` in its conversation `c`; see `readCount`. */
const recalledAfterPosition = `case when c.message_count > m.read_count then (
    select count(*) from message r
    where r.conversation_id = m.conversation_id and r.seq > m.read_seq and r.recalled_at is not null
  )::integer else 0 end`

/**
 * SQL: the messages of `c` that `m` does not have to read: those up to the read position, and the recalled ones after it.
 * It is computed from rows that cannot drift, and never decreases: a recall adds one for members who have not read the
 * message, and reading on adds at least what it passes.
 */
export const readCount = `(m.read_count + ${recalledAfterPosition})`

/** SQL: the unread messages of a membership `m` in its conversation `c`. */
export const unreadCount = `(c.message_count - ${readCount})`
