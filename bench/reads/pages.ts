/** What a client reads when it opens a conversation, and when it starts. */
export const operations = {
  messages: `query Page($id: ID!) {
    conversation(id: $id) {
      messages(last: 20) {
        edges { cursor node { id seq version senderName sentAt quoteSeq content { __typename ... on TextContent { text } } } }
        pageInfo { hasPreviousPage startCursor }
      }
    }
  }`,
  conversations: `query List {
    conversations(first: 50) {
      edges {
        node {
          id maxSeq version lastActivityAt
          membership { readSeq unreadCount pinned doNotDisturb hidden }
          lastMessage { id seq senderName sentAt plainText }
          ... on DirectConversation { peer { id displayName } }
          ... on GroupConversation { name memberCount }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`,
}

/**
 * The same rows, each page by one statement on the tables of Parlance. Names are looked up by subqueries: with a join, the
 * plan and thereby the floor depend on the statistics.
 */
export const floorPages = {
  messages: `
    select s.id, s.seq, s.version, s.sent_at as "sentAt", s.quote_seq as "quoteSeq", s.content, coalesce(
             (select nickname from membership where conversation_id = s.conversation_id and user_id = s.sender_id),
             (select display_name from "user" where id = s.sender_id)) as "senderName"
    from message s
    where s.conversation_id = $1
      and s.seq > (select max_seq from conversation where id = $1) - 20
    order by s.seq`,
  conversations: `
    select c.id, c.max_seq as "maxSeq", c.version, c.last_activity_at as "lastActivityAt",
           m.read_seq as "readSeq", c.message_count - m.read_count as "unreadCount", m.pinned, m.do_not_disturb as "doNotDisturb",
           m.hidden_at_seq as "hiddenAtSeq", s.id as "messageId", s.seq, s.sent_at as "sentAt", s.content,
           coalesce(sm.nickname, su.display_name) as "senderName", g.name, c.member_count as "memberCount",
           p.id as "peerId", p.display_name as "peerName"
    from membership m
    join conversation c on c.id = m.conversation_id
    left join message s on s.conversation_id = c.id and s.seq = c.max_seq
    left join membership sm on sm.conversation_id = c.id and sm.user_id = s.sender_id
    left join "user" su on su.id = s.sender_id
    left join group_conversation g on g.conversation_id = c.id
    left join membership pm on c.kind = 'DIRECT' and pm.conversation_id = c.id and pm.user_id <> m.user_id
    left join "user" p on p.id = pm.user_id
    where m.user_id = $1
    order by m.pinned desc, c.last_activity_at desc, c.id desc limit 50`,
}
