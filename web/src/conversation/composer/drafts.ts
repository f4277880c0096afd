const key = (id: string) => `parlance.draft.${id}`

/** Text that was written and not sent, on this device. */
export const draftOf = (conversationId: string): string => localStorage.getItem(key(conversationId)) ?? ''

export function keepDraft(conversationId: string, text: string): void {
  if (text) localStorage.setItem(key(conversationId), text)
  else localStorage.removeItem(key(conversationId))
}
