/** A statement that needs more than one shard today. */
export interface Exception {
  name: string
  matches: RegExp
  reason: string
  /** What makes it a statement of one shard. */
  wayOut: string
}

export const exceptions: Exception[] = [
  {
    name: 'key of a send',
    matches: /s\.sender_id = \$1 and s\.client_message_id = any|k \(sender_id, client_message_id\)/,
    reason: 'A key is unique over all conversations of its sender.',
    wayOut: 'A table by sender holds the key with its conversation, and is written first.',
  },
  {
    name: 'message by id',
    matches: /from message s where s\.id = (any\()?\$1/,
    reason: 'An edit, a recall and a reaction name a message by its id alone.',
    wayOut: 'A table by message id holds the position; the id and the row never change.',
  },
  {
    name: 'permission of a sender',
    matches: /as "areFriends"/,
    reason: 'A friendship, a block or a suspension decides under the lock of the conversation.',
    wayOut: 'It is read before the lock and verified by a version on the direct conversation.',
  },
  {
    name: 'delivery',
    matches: /insert into user_stream/,
    reason: 'One statement numbers the streams of the members in the commit of the change.',
    wayOut: 'A mark for each change, as for larger groups; the worker numbers the streams shard by shard.',
  },
  {
    name: 'marks of the worker',
    matches: /from delivery_mark group by conversation_id/,
    reason: 'A worker claims any marked conversation, oldest first.',
    wayOut: 'A worker per shard, with the marks of its shard.',
  },
  {
    name: 'clock of deliveries',
    matches: /\bdelivery_clock\b/,
    reason: 'One clock numbers the deliveries of large groups, and positions contain it.',
    wayOut:
      'A clock per shard, and a tick per shard of the reader in the cursor, whose format has a version.',
  },
  {
    name: 'names of senders',
    matches: /\b[nu]\.display_name/,
    reason: 'Names are joined to messages, quotes and titles.',
    wayOut: 'The loader of users by id, which other reads of names use.',
  },
  {
    name: 'read receipts',
    matches: /count\(u\.id\)::integer as count from message s|u\.read_receipts/,
    reason: 'Whether a member shows read positions is a setting of the user.',
    wayOut: 'A copy of the setting on each membership, written by the job that announces its change.',
  },
  {
    name: 'conversations of a user',
    matches: /(where|on) m\.user_id = ([uk]\.user_id|\$1)\b(?!.*delivery_clock)/s,
    reason: 'The unread total and the large groups of a user walk along the memberships of the user.',
    wayOut: 'A copy of the sort columns of a membership by user, beside inbox_entry.',
  },
  {
    name: 'session by id',
    matches: /from session (s )?where (s\.)?id = |from push_device d/,
    reason: 'A token names its session, and the checks of a server ask for many sessions at once.',
    wayOut: 'The token names its user, too; the check asks each shard once.',
  },
  {
    name: 'friend request by id',
    matches: /from friend_request r where r\.id/,
    reason: 'A change names a request by its id.',
    wayOut: 'The id of the subject contains both users, as that of a direct conversation does.',
  },
  {
    name: 'acknowledged position',
    matches: /acknowledgement (a on a\.session_id = k\.session_id|where session_id)/,
    reason: 'A position belongs to a session, and its row has no user.',
    wayOut: 'A column with the user of the session.',
  },
]
