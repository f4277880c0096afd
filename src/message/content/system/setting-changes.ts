import { HistoryVisibility, JoinPolicy, MentionAllPolicy, PostingPolicy } from '../../../group/enums.ts'
import { builder } from '../../../platform/graphql/builder.ts'
import type { Change } from './change.ts'

export const GroupNameChangeType = builder.objectRef<Change<'GROUP_RENAMED'>>('GroupNameChange').implement({
  description: 'The name of a group before and after a change.',
  fields: (t) => ({
    oldName: t.exposeString('from', { shareable: true, description: 'Name before the change.' }),
    newName: t.exposeString('to', { shareable: true, description: 'Name after the change.' }),
  }),
})

export const GroupAvatarChangeType = builder
  .objectRef<Change<'GROUP_AVATAR_CHANGED'>>('GroupAvatarChange')
  .implement({
    description: 'A change of the avatar of a group.',
    fields: (t) => ({
      removed: t.exposeBoolean('removed', {
        shareable: true,
        description: 'Whether the group had no avatar after the change.',
      }),
    }),
  })

export const SlowModeChangeType = builder.objectRef<Change<'SLOW_MODE_CHANGED'>>('SlowModeChange').implement({
  description: 'The slow mode of a group before and after a change.',
  fields: (t) => ({
    oldSlowModeSeconds: t.exposeInt('from', { shareable: true, description: 'Seconds before the change.' }),
    newSlowModeSeconds: t.exposeInt('to', { shareable: true, description: 'Seconds after the change.' }),
  }),
})

export const JoinPolicyChangeType = builder
  .objectRef<Change<'JOIN_POLICY_CHANGED'>>('JoinPolicyChange')
  .implement({
    description: 'The join policy of a group before and after a change.',
    fields: (t) => ({
      oldJoinPolicy: t.expose('from', {
        type: JoinPolicy,
        shareable: true,
        description: 'Policy before the change.',
      }),
      newJoinPolicy: t.expose('to', {
        type: JoinPolicy,
        shareable: true,
        description: 'Policy after the change.',
      }),
    }),
  })

export const PostingPolicyChangeType = builder
  .objectRef<Change<'POSTING_POLICY_CHANGED'>>('PostingPolicyChange')
  .implement({
    description: 'The posting policy of a group before and after a change.',
    fields: (t) => ({
      oldPostingPolicy: t.expose('from', {
        type: PostingPolicy,
        shareable: true,
        description: 'Policy before the change.',
      }),
      newPostingPolicy: t.expose('to', {
        type: PostingPolicy,
        shareable: true,
        description: 'Policy after the change.',
      }),
    }),
  })

export const MentionAllPolicyChangeType = builder
  .objectRef<Change<'MENTION_ALL_POLICY_CHANGED'>>('MentionAllPolicyChange')
  .implement({
    description: 'Who might mention all members before and after a change.',
    fields: (t) => ({
      oldMentionAllPolicy: t.expose('from', {
        type: MentionAllPolicy,
        shareable: true,
        description: 'Policy before the change.',
      }),
      newMentionAllPolicy: t.expose('to', {
        type: MentionAllPolicy,
        shareable: true,
        description: 'Policy after the change.',
      }),
    }),
  })

export const HistoryVisibilityChangeType = builder
  .objectRef<Change<'HISTORY_VISIBILITY_CHANGED'>>('HistoryVisibilityChange')
  .implement({
    description: 'Which earlier messages new members saw before and after a change.',
    fields: (t) => ({
      oldHistoryVisibility: t.expose('from', {
        type: HistoryVisibility,
        shareable: true,
        description: 'Visibility before the change.',
      }),
      newHistoryVisibility: t.expose('to', {
        type: HistoryVisibility,
        shareable: true,
        description: 'Visibility after the change.',
      }),
    }),
  })
