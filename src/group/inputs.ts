import { z } from 'zod'
import type {
  HistoryVisibility,
  JoinPolicy,
  MentionAllPolicy,
  PostingPolicy,
} from '../platform/db/generated/enums.ts'
import { builder } from '../platform/graphql/builder.ts'
import { name, text } from '../platform/text.ts'
import {
  HistoryVisibility as HistoryVisibilityEnum,
  JoinPolicy as JoinPolicyEnum,
  MentionAllPolicy as MentionAllPolicyEnum,
  PostingPolicy as PostingPolicyEnum,
} from './enums.ts'

export interface CreateGroupInput {
  name: string
  memberIds: string[]
  description?: string | null
  avatarMediaId?: string | null
  idempotencyKey?: string | null
  joinPolicy?: JoinPolicy | null
  postingPolicy?: PostingPolicy | null
  historyVisibility?: HistoryVisibility | null
  mentionAllPolicy?: MentionAllPolicy | null
}

export interface UpdateGroupInput {
  name?: string | null
  description?: string | null
  avatarMediaId?: string | null
  joinPolicy?: JoinPolicy | null
  postingPolicy?: PostingPolicy | null
  historyVisibility?: HistoryVisibility | null
  mentionAllPolicy?: MentionAllPolicy | null
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

export const CreateGroupInputType = builder.inputType('CreateGroupInput', {
  description: 'A new group. The viewer becomes its owner.',
  fields: (t) => ({
    name: t.string({ required: true, description: '1 to 100 code points.' }),
    memberIds: t.idList({
      required: true,
      description: 'User ids of the initial members. Duplicates and the viewer are ignored.',
    }),
    description: t.string({ description: 'Purpose of the group, at most 1,000 code points.' }),
    avatarMediaId: t.id({
      description: 'Media id of the avatar: an image uploaded by the viewer that is READY.',
    }),
    idempotencyKey: t.string({
      description:
        'Idempotency key, 1 to 64 printable ASCII characters: a retry with the same key returns the same group.',
    }),
    joinPolicy: t.field({
      type: JoinPolicyEnum,
      defaultValue: 'INVITE_ONLY',
      description: 'Who may join later.',
    }),
    postingPolicy: t.field({
      type: PostingPolicyEnum,
      defaultValue: 'EVERYONE',
      description: 'Who may send.',
    }),
    historyVisibility: t.field({
      type: HistoryVisibilityEnum,
      defaultValue: 'SINCE_JOINED',
      description: 'Which earlier messages new members see.',
    }),
    mentionAllPolicy: t.field({
      type: MentionAllPolicyEnum,
      defaultValue: 'BY_SIZE',
      description: 'Who may mention all members.',
    }),
  }),
})

export const UpdateGroupInputType = builder.inputType('UpdateGroupInput', {
  description: 'Changes of a group. What is left out stays.',
  fields: (t) => ({
    groupId: t.id({ required: true, description: 'Id of the group.' }),
    name: t.string({ onNull: 'REFUSE', description: '1 to 100 code points.' }),
    description: t.string({ onNull: 'CLEAR', description: 'At most 1,000 code points.' }),
    avatarMediaId: t.id({
      onNull: 'CLEAR',
      description: 'Media id of an image uploaded by the viewer that is READY.',
    }),
    joinPolicy: t.field({ type: JoinPolicyEnum, onNull: 'REFUSE', description: 'Who may join.' }),
    postingPolicy: t.field({ type: PostingPolicyEnum, onNull: 'REFUSE', description: 'Who may send.' }),
    historyVisibility: t.field({
      type: HistoryVisibilityEnum,
      onNull: 'REFUSE',
      description: 'Which earlier messages users see who join from now on.',
    }),
    mentionAllPolicy: t.field({
      type: MentionAllPolicyEnum,
      onNull: 'REFUSE',
      description: 'Who may mention all members.',
    }),
    mutedAll: t.boolean({ onNull: 'REFUSE', description: 'Whether only owner and admins may send.' }),
    slowModeSeconds: t.int({
      onNull: 'REFUSE',
      description: 'Seconds between two messages of a member, 0 to 86,400; 0 disables slow mode.',
    }),
  }),
})
