import { graphql } from '../generated/gql.ts'

// The operations of the test users, typed by codegen.

graphql(`
  fragment UserParts on User {
    id
    handle
    displayName
    bio
    deletedAt
    blockedByMe
  }

  fragment SystemChangeParts on SystemChange {
    __typename
    ... on MemberJoin {
      via
      inviter {
        id
      }
    }
    ... on RoleChange {
      oldRole
      newRole
    }
    ... on GroupNameChange {
      oldName
      newName
    }
    ... on GroupAvatarChange {
      removed
    }
    ... on SlowModeChange {
      oldSlowModeSeconds
      newSlowModeSeconds
    }
    ... on JoinPolicyChange {
      oldJoinPolicy
      newJoinPolicy
    }
    ... on PostingPolicyChange {
      oldPostingPolicy
      newPostingPolicy
    }
    ... on MentionAllPolicyChange {
      oldMentionAllPolicy
      newMentionAllPolicy
    }
    ... on HistoryVisibilityChange {
      oldHistoryVisibility
      newHistoryVisibility
    }
    ... on MessagePin {
      messageSeq
    }
    ... on AnnouncementPost {
      announcement {
        ...AnnouncementParts
      }
    }
  }

  fragment MessageParts on Message {
    id
    conversationId
    seq
    ordinal
    version
    sender {
      id
    }
    clientMessageId
    plainText
    content {
      __typename
      ... on TextContent {
        text
      }
      ... on SystemContent {
        event
        actor {
          id
        }
        subjects {
          id
        }
        subjectCount
        change {
          ...SystemChangeParts
        }
      }
      ... on RecalledContent {
        recalledBy {
          id
        }
      }
    }
    quoteSeq
    quote {
      id
      seq
      version
      plainText
    }
    mentions {
      id
    }
    mentionsAll
    reactions {
      emoji
      count
    }
    sentAt
    editedAt
    recalledAt
  }

  fragment MediaParts on Media {
    id
    kind
    status
    filename
    mimeType
    byteSize
    width
    height
    durationMs
    blurhash
    url
    urlExpiresAt
    thumbnailUrl
    variants {
      url
      mimeType
      width
      height
      byteSize
    }
  }

  fragment MembershipParts on Membership {
    id
    role
    nickname
    readSeq
    readCount
    unreadCount
    unreadMentionCount
    nextMentionSeq
    visibleFromSeq
    pinned
    doNotDisturb
    mutedUntil
    hidden
    draft
  }

  fragment AnnouncementParts on Announcement {
    id
    text
    author {
      id
    }
    createdAt
  }

  fragment JoinRequestParts on GroupJoinRequest {
    id
    status
    note
    user {
      id
    }
    group {
      conversationId
      name
      memberCount
      joinPolicy
    }
  }

  fragment ConversationParts on Conversation {
    __typename
    id
    title
    lastActivityAt
    maxSeq
    messageCount
    version
    membership {
      ...MembershipParts
    }
    viewerCanMentionAll
    pinnedMessages {
      id
    }
    ... on DirectConversation {
      peer {
        id
      }
      receiptsEnabled
      peerReadSeq
      peerDeliveredSeq
    }
    ... on GroupConversation {
      name
      description
      owner {
        id
      }
      memberCount
      joinPolicy
      postingPolicy
      historyVisibility
      mentionAllPolicy
      mutedAll
      slowModeSeconds
      deliveryMode
      announcement {
        ...AnnouncementParts
      }
    }
  }

  fragment FriendshipParts on Friendship {
    id
    remark
    user {
      ...UserParts
    }
    conversation {
      id
    }
  }

  fragment FriendRequestParts on FriendRequest {
    id
    status
    note
    from {
      id
    }
    to {
      id
    }
  }

  fragment MeParts on Me {
    id
    email
    phone
    readReceipts
    unreadCount
    pendingFriendRequestCount
    blockedUserCount
    user {
      ...UserParts
      presence {
        status
      }
    }
    sessions {
      id
      current
      deviceName
      platform
    }
    notificationSettings {
      push
      email
      sms
      showPreview
      quietFrom
      quietTo
      timeZone
    }
    pushDevices {
      id
      provider
      createdAt
    }
  }

  fragment AuthParts on AuthPayload {
    accessToken
    accessTokenExpiresAt
    accessTokenExpiresInSeconds
    refreshToken
    user {
      id
    }
    session {
      id
    }
  }
`)

export const Register = graphql(`
  mutation Register($input: RegisterInput!) {
    register(input: $input) {
      ...AuthParts
    }
  }
`)

export const Login = graphql(`
  mutation Login($input: LoginInput!) {
    login(input: $input) {
      ...AuthParts
    }
  }
`)

export const MeQuery = graphql(`
  query Me {
    me {
      ...MeParts
    }
  }
`)

export const RequestFriend = graphql(`
  mutation RequestFriend($userId: ID!, $note: String) {
    requestFriend(input: { userId: $userId, note: $note }) {
      friendRequest {
        ...FriendRequestParts
      }
    }
  }
`)

export const AcceptFriendRequest = graphql(`
  mutation AcceptFriendRequest($id: ID!) {
    acceptFriendRequest(input: { friendRequestId: $id }) {
      friendRequest {
        ...FriendRequestParts
      }
    }
  }
`)

export const OpenDirectConversation = graphql(`
  mutation OpenDirectConversation($userId: ID!) {
    openDirectConversation(input: { userId: $userId }) {
      conversation {
        ...ConversationParts
      }
    }
  }
`)

export const BlockUser = graphql(`
  mutation BlockUser($userId: ID!) {
    blockUser(input: { userId: $userId }) {
      user {
        ...UserParts
      }
    }
  }
`)

export const CreateGroup = graphql(`
  mutation CreateGroup($input: CreateGroupInput!) {
    createGroup(input: $input) {
      conversation {
        ...ConversationParts
      }
    }
  }
`)

export const AddGroupMembers = graphql(`
  mutation AddGroupMembers($groupId: ID!, $userIds: [ID!]!) {
    addGroupMembers(input: { groupId: $groupId, userIds: $userIds }) {
      conversation {
        ...ConversationParts
      }
    }
  }
`)

export const RemoveGroupMember = graphql(`
  mutation RemoveGroupMember($groupId: ID!, $userId: ID!) {
    removeGroupMember(input: { groupId: $groupId, userId: $userId }) {
      conversation {
        ...ConversationParts
      }
    }
  }
`)

export const UpdateGroup = graphql(`
  mutation UpdateGroup($input: UpdateGroupInput!) {
    updateGroup(input: $input) {
      conversation {
        ...ConversationParts
      }
    }
  }
`)

export const LeaveGroup = graphql(`
  mutation LeaveGroup($groupId: ID!) {
    leaveGroup(input: { groupId: $groupId }) {
      leftConversationId
    }
  }
`)

export const SetGroupMemberRole = graphql(`
  mutation SetGroupMemberRole($groupId: ID!, $userId: ID!, $role: GroupRole!) {
    setGroupMemberRole(input: { groupId: $groupId, userId: $userId, role: $role }) {
      member {
        id
        role
      }
    }
  }
`)

export const SendMessage = graphql(`
  mutation SendMessage($input: SendMessageInput!) {
    sendMessage(input: $input) {
      message {
        ...MessageParts
      }
    }
  }
`)

export const EditMessage = graphql(`
  mutation EditMessage($messageId: ID!, $content: EditContentInput!) {
    editMessage(input: { messageId: $messageId, content: $content }) {
      message {
        ...MessageParts
      }
    }
  }
`)

export const RecallMessage = graphql(`
  mutation RecallMessage($messageId: ID!) {
    recallMessage(input: { messageId: $messageId }) {
      message {
        ...MessageParts
      }
    }
  }
`)

export const MarkRead = graphql(`
  mutation MarkRead($conversationId: ID!, $readSeq: Int!) {
    markRead(input: { conversationId: $conversationId, readSeq: $readSeq }) {
      membership {
        ...MembershipParts
      }
    }
  }
`)

export const UpdateMembership = graphql(`
  mutation UpdateMembership($input: UpdateMembershipInput!) {
    updateMembership(input: $input) {
      membership {
        ...MembershipParts
      }
    }
  }
`)

export const Acknowledge = graphql(`
  mutation Acknowledge($cursor: SyncCursor!, $streamId: ID) {
    acknowledge(input: { cursor: $cursor, streamId: $streamId }) {
      cursor
    }
  }
`)

export const ConversationQuery = graphql(`
  query Conversation($id: ID!) {
    conversation(id: $id) {
      ...ConversationParts
    }
  }
`)

export const ConversationsQuery = graphql(`
  query Conversations($filter: ConversationFilter, $first: Int, $after: String) {
    conversations(filter: $filter, first: $first, after: $after) {
      edges {
        cursor
        node {
          ...ConversationParts
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`)

export const HistoryQuery = graphql(`
  query History(
    $id: ID!
    $first: Int
    $after: String
    $last: Int
    $before: String
    $afterSeq: Int
    $beforeSeq: Int
  ) {
    conversation(id: $id) {
      id
      messages(
        first: $first
        after: $after
        last: $last
        before: $before
        afterSeq: $afterSeq
        beforeSeq: $beforeSeq
      ) {
        edges {
          cursor
          node {
            ...MessageParts
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
    }
  }
`)

export const ChangesQuery = graphql(`
  query Changes($id: ID!, $afterVersion: Int!, $first: Int) {
    conversation(id: $id) {
      changes(afterVersion: $afterVersion, first: $first) {
        conversation {
          ...ConversationParts
        }
        messages {
          ...MessageParts
        }
        version
        maxSeq
        hasMore
      }
    }
  }
`)

export const MessageQuery = graphql(`
  query Message($id: ID!) {
    message(id: $id) {
      ...MessageParts
    }
  }
`)

export const SyncQuery = graphql(`
  query Sync($after: SyncCursor, $first: Int) {
    sync(after: $after, first: $first) {
      removedConversationIds
      conversations {
        ...ConversationParts
      }
      friendships {
        ...FriendshipParts
      }
      removedFriendIds
      friendRequests {
        ...FriendRequestParts
      }
      joinRequests {
        ...JoinRequestParts
      }
      users {
        ...UserParts
      }
      me {
        ...MeParts
      }
      cursor
      hasMore
    }
  }
`)

export const SyncCursorQuery = graphql(`
  query SyncCursor {
    syncCursor
  }
`)

export const InboxSubscription = graphql(`
  subscription Inbox($after: SyncCursor, $streamId: ID) {
    inbox(after: $after, streamId: $streamId) {
      __typename
      cursor
      ... on MessagesChanged {
        conversationId
        fromVersion
        version
        maxSeq
        messageCount
        conversation {
          lastActivityAt
        }
        messages {
          ...MessageParts
        }
      }
      ... on ConversationSignal {
        conversationId
        version
        maxSeq
        messageCount
      }
      ... on ConversationChanged {
        conversation {
          ...ConversationParts
        }
      }
      ... on ConversationRemoved {
        conversationId
      }
      ... on ReceiptsChanged {
        conversationId
        userId
        readSeq
        deliveredSeq
      }
      ... on FriendRequestChanged {
        friendRequest {
          ...FriendRequestParts
        }
      }
      ... on FriendshipChanged {
        userId
        friendship {
          ...FriendshipParts
        }
      }
      ... on JoinRequestChanged {
        joinRequest {
          ...JoinRequestParts
        }
      }
      ... on MeChanged {
        me {
          ...MeParts
        }
      }
      ... on MediaChanged {
        media {
          ...MediaParts
        }
      }
      ... on UserChanged {
        user {
          ...UserParts
        }
      }
      ... on Checkpoint {
        caughtUp
      }
      ... on ResyncRequired {
        resyncReason
      }
      ... on SessionExpiring {
        at
      }
      ... on SessionEnded {
        endReason
      }
    }
  }
`)
