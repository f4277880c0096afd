/** What an adapter reads of an inbox event; the application selects the rest. */
export interface InboxEvent {
  readonly __typename: string
  readonly cursor?: string
  readonly conversationId?: string
  readonly conversation?: { readonly id: string; readonly version?: number } | null
  readonly fromVersion?: number
  readonly version?: number
  readonly messages?: readonly { readonly id: string }[]
  readonly endReason?: string
}

export const conversationIdOf = ({ conversation, conversationId }: InboxEvent): string | undefined =>
  conversation?.id ?? conversationId

export const isConversation = ({ __typename }: { readonly __typename?: unknown }): boolean =>
  String(__typename).endsWith('Conversation')
