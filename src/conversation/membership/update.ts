import { z } from 'zod'
import { type Context, requireViewer } from '../../context.ts'
import { invalidInput } from '../../errors.ts'
import { foldName } from '../../platform/language/folding/name.ts'
import { name, text } from '../../platform/text.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { bumpSettingsVersion, lockConversation, type MembershipRow } from '../store.ts'

export interface UpdateMembershipInput {
  pinned?: boolean | null
  doNotDisturb?: boolean | null
  hidden?: boolean | null
  nickname?: string | null
  draft?: string | null
}

const inputSchema = (draftLength: number) =>
  z.object({
    pinned: z.boolean().nullish(),
    doNotDisturb: z.boolean().nullish(),
    hidden: z.boolean().nullish(),
    nickname: name({ min: 0, max: 64 }).nullish(),
    draft: text({ min: 0, max: draftLength }).nullish(),
  })

/** Changes the viewer's membership. Omitted fields stay; null or an empty text removes a nickname or draft. */
export async function updateMembership(
  ctx: Context,
  conversationId: string,
  input: UpdateMembershipInput,
): Promise<MembershipRow> {
  const viewer = requireViewer(ctx)
  const wanted = check(inputSchema(ctx.config.limits.textLength), input, 'input')

  return withTransaction(ctx, async (tx) => {
    const { conversation, membership } = await lockConversation(tx.sql, viewer, conversationId, (view) => {
      if (wanted.nickname && view.conversation.kind === 'DIRECT')
        throw invalidInput({
          path: 'input.nickname',
          message: 'is for groups only; name a friend with setFriendRemark',
        })
      return view
    })

    const next: MembershipRow = {
      ...membership,
      pinned: wanted.pinned ?? membership.pinned,
      doNotDisturb: wanted.doNotDisturb ?? membership.doNotDisturb,
      hiddenAtSeq: hiddenAt(wanted.hidden, conversation.maxSeq, membership.hiddenAtSeq),
      nickname: wanted.nickname === undefined ? membership.nickname : wanted.nickname || null,
      draft: wanted.draft === undefined ? membership.draft : wanted.draft || null,
    }
    const { pinned, doNotDisturb, hiddenAtSeq, nickname, draft } = next
    await tx.db.membership.update({
      where: { conversationId_userId: { conversationId, userId: viewer.userId } },
      data: {
        pinned,
        doNotDisturb,
        hiddenAtSeq,
        nickname,
        foldedNickname: nickname && foldName(nickname),
        draft,
      },
    })

    // The other members see the nickname, too.
    if (nickname !== membership.nickname) {
      await bumpSettingsVersion(tx, conversationId)
    }
    if (JSON.stringify(next) !== JSON.stringify(membership))
      tx.announce({ userId: viewer.userId, kind: 'conversation', subjectId: conversationId })
    if (doNotDisturb !== membership.doNotDisturb)
      tx.announce({ userId: viewer.userId, kind: 'me', subjectId: viewer.userId })
    return next
  })
}

function hiddenAt(hidden: boolean | null | undefined, maxSeq: number, present: number | null): number | null {
  if (hidden === null || hidden === undefined) return present
  return hidden ? maxSeq : null
}
