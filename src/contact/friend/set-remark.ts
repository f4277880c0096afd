import { type Context, requireViewer } from '../../context.ts'
import { directConversationId } from '../../conversation/direct.ts'
import { refuse } from '../../errors.ts'
import { foldName } from '../../platform/language/folding/name.ts'
import { name } from '../../platform/text.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { type FriendshipRow, friendshipColumns } from '../store.ts'

const remarkSchema = name({ min: 0, max: 64 }).nullish()

/** Sets the viewer's private name for a friend; null or an empty text removes it. */
export async function setFriendRemark(
  ctx: Context,
  userId: string,
  remark?: string | null,
): Promise<FriendshipRow> {
  const viewer = requireViewer(ctx)
  const wanted = check(remarkSchema, remark, 'input.remark') || null

  return withTransaction(ctx, async (tx) => {
    const [friendship] = await tx.sql.query<FriendshipRow>(
      `update friendship f set remark = $3, folded_remark = $4 where f.user_id = $1 and f.friend_id = $2 returning ${friendshipColumns}`,
      [viewer.userId, userId, wanted, wanted && foldName(wanted)],
    )
    if (!friendship) throw refuse('NOT_FRIENDS', 'Only friends can have a remark.')

    tx.announce(
      { userId: viewer.userId, kind: 'friendship', subjectId: userId },
      // The remark is also the title of their conversation.
      { userId: viewer.userId, kind: 'conversation', subjectId: directConversationId(viewer.userId, userId) },
    )
    return friendship
  })
}
