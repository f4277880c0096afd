import { defineLoader } from '../platform/loader.ts'

interface CountRow {
  userId: string
  count: number
}

/** Pending requests per recipient; no row for a recipient without any. */
export const loadPendingRequestCount = defineLoader<string, CountRow>(
  (sql, userIds) =>
    sql.query(
      `select to_id as "userId", count(*)::integer as count from friend_request
       where to_id = any($1) and status = 'PENDING' and not suppressed group by to_id`,
      [userIds],
    ),
  (row) => row.userId,
)

export const loadBlockCount = defineLoader<string, CountRow>(
  (sql, userIds) =>
    sql.query(
      `select blocker_id as "userId", count(*)::integer as count from block
       where blocker_id = any($1) group by blocker_id`,
      [userIds],
    ),
  (row) => row.userId,
)

export const loadFriendCount = defineLoader<string, CountRow>(
  (sql, userIds) =>
    sql.query(
      `select user_id as "userId", count(*)::integer as count from friendship
       where user_id = any($1) group by user_id`,
      [userIds],
    ),
  (row) => row.userId,
)
