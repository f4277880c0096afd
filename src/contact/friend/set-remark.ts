import { type Context, requireViewer } from '../../context.ts'
import { directConversationId } from '../../conversation/direct.ts'
import { refuse } from '../../errors.ts'
import { name } from '../../platform/text.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { type FriendshipRow, friendshipColumns } from '../store.ts'

const remarkSchema = name({ min: 0, max: 64 }).nullish()

/** Gives a friend a name that only the viewer sees; null or an empty text takes it away. */
export async function setFriendRemark(
  ctx: Context,
  userId: string,
  remark?: string | null,
): Promise<FriendshipRow> {
  const viewer = requireViewer(ctx)
  const wanted = check(remarkSchema, remark, 'remark') || null

  return withTransaction(ctx, async (tx) => {
    const [friendship] = await tx.sql.query<FriendshipRow>(
      `update friendship f set remark = $3 where f.user_id = $1 and f.friend_id = $2 returning ${friendshipColumns}`,
      [viewer.userId, userId, wanted],
    )
    if (!friendship) throw refuse('NOT_FRIENDS', 'Only a friend can have a remark.')

    tx.announce(
      { userId: viewer.userId, kind: 'friendship', subjectId: userId },
      // It is the title of their conversation, too.
      { userId: viewer.userId, kind: 'conversation', subjectId: directConversationId(viewer.userId, userId) },
    )
    return friendship
  })
}
