import { z } from 'zod'
import { name, text } from '../platform/text.ts'
import type { HistoryVisibility, JoinPolicy, PostingPolicy } from './store.ts'

export interface CreateGroupInput {
  name: string
  memberIds: string[]
  description?: string | null
  avatarMediaId?: string | null
  idempotencyKey?: string | null
  joinPolicy?: JoinPolicy | null
  postingPolicy?: PostingPolicy | null
  historyVisibility?: HistoryVisibility | null
}

export interface UpdateGroupInput {
  name?: string | null
  description?: string | null
  avatarMediaId?: string | null
  joinPolicy?: JoinPolicy | null
  postingPolicy?: PostingPolicy | null
  historyVisibility?: HistoryVisibility | null
  mutedAll?: boolean | null
  slowModeSeconds?: number | null
}

const groupName = name({ max: 100 })
const description = text({ min: 0, max: 1000 })

export const createGroupSchema = z.object({
  name: groupName,
  description: description.nullish(),
  idempotencyKey: z
    .string()
    .regex(/^[\x20-\x7e]{1,64}$/, 'must be 1 to 64 printable ASCII characters')
    .nullish(),
})

export const slowModeMax = 86_400

export const updateGroupSchema = z.object({
  name: groupName.nullish(),
  description: description.nullish(),
  slowModeSeconds: z
    .number()
    .min(0, 'must not be negative')
    .max(slowModeMax, `must be at most ${slowModeMax}`)
    .nullish(),
})
