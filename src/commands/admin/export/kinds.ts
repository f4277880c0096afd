/** A kind of data about a person: one file of JSON lines. */
interface Kind {
  /** SQL: the rows of the person $1. */
  rows: string
  /** Tables of which it has rows of the person. */
  tables: readonly string[]
}

const own = (table: string, columns: string, where = 'user_id = $1'): Kind => ({
  rows: `select ${columns} from ${table} where ${where} order by 1`,
  tables: [table.replaceAll('"', '')],
})

/** What is stored about a person, without password hashes, tokens and what others wrote. */
export const kinds: Readonly<Record<string, Kind>> = {
  profile: own(
    '"user"',
    'id, handle, display_name, bio, email, phone, email_verified_at, phone_verified_at, read_receipts, avatar_media_id, created_at',
    'id = $1',
  ),
  identities: own('identity', 'issuer, subject'),
  sessions: own(
    'session',
    'id, device_id, device_name, platform, created_at, last_seen_at, expires_at, ended_at, end_reason',
  ),
  presence: own('presence', '*'),
  friends: own('friendship', 'friend_id, remark, created_at'),
  'friend-requests': own(
    'friend_request',
    '*',
    '$1 in (from_id, to_id) and (from_id = $1 or not suppressed)',
  ),
  blocks: own('block', 'blocked_id, created_at', 'blocker_id = $1'),
  conversations: {
    rows: `
      select m.conversation_id, c.kind, g.name, m.role, m.nickname, m.read_seq, m.delivered_seq, m.visible_from_seq, m.pinned,
             m.do_not_disturb, m.muted_until, m.draft, m.joined_at
      from membership m join conversation c on c.id = m.conversation_id
      left join group_conversation g on g.conversation_id = c.id where m.user_id = $1 order by 1`,
    tables: ['membership'],
  },
  'former-groups': own('former_member', '*'),
  'join-requests': own('join_request', '*'),
  invites: own('group_invite', '*', 'inviter_id = $1'),
  announcements: own('announcement', '*', 'author_id = $1'),
  messages: {
    rows: `
      select conversation_id, seq, id, client_message_id, kind, content, quote_seq, sent_at, edited_at, recalled_at
      from message where sender_id = $1`,
    tables: ['message'],
  },
  'earlier-texts': {
    rows: `
      select r.conversation_id, r.seq, r.version, r.kind, r.content, r.replaced_at
      from message_revision r join message s using (conversation_id, seq) where s.sender_id = $1 order by 1, 2, 3`,
    tables: ['message_revision'],
  },
  mentions: own('mention', 'conversation_id, seq'),
  reactions: own('reaction', 'conversation_id, seq, emoji'),
  pins: own('pin', 'conversation_id, seq, pinned_at', 'pinned_by_id = $1'),
  uploads: own(
    'media',
    'id, kind, status, filename, mime_type, byte_size, width, height, duration_ms, created_at, object_key',
    'owner_id = $1',
  ),
  'upload-usage': own('upload_usage', '*'),
  'push-devices': own('push_device', 'id, provider, locale, created_at, removed_at'),
  'notification-settings': own('notification_settings', '*'),
  notifications: own(
    'push_attempt',
    'id, provider, purpose, conversation_id, from_seq, to_seq, status, provider_status, at',
  ),
  digests: own('digest', 'channel, since, sent_at'),
  reports: own('report', 'id, message_id, reason, note, status, created_at', 'reporter_id = $1'),
  suspension: own('suspension', '*'),
  moderator: own('moderator', '*'),
  audit: own('audit_entry', 'id, action, subject, detail, at', 'actor_id = $1 or subject = $1'),
}

/** Tables with rows of a person that say nothing about the person: positions of streams, leases and codes. */
export const omitted = [
  'acknowledgement',
  'contact_verification',
  'departure',
  'inbox_entry',
  'message_search',
  'password_reset',
  'stream_start',
  'user_stream',
]
