import type { SearchHit } from '../engine/search-index.ts'

export type HitRow = { conversationId: string; seq: number; score: number; at: number; id: string }

export const toHit = ({ conversationId, seq, score, at, id }: HitRow): SearchHit => ({
  conversationId,
  seq,
  position: [score, at, id],
})
