import { type Context, requireViewer } from '../../context.ts'
import { bumpSettingsVersion } from '../../conversation/store.ts'
import { appendSystemMessage } from '../../conversation/system-message.ts'
import { newId } from '../../platform/ids.ts'
import { text } from '../../platform/text.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { manageRefusal } from '../policy.ts'
import { lockGroup } from '../store.ts'
import { type AnnouncementRow, insertAnnouncement } from './store.ts'

/** Posts an announcement, which becomes the current one of the group. */
export async function postAnnouncement(
  ctx: Context,
  groupId: string,
  wanted: string,
): Promise<AnnouncementRow> {
  const viewer = requireViewer(ctx)
  const schema = text({ max: ctx.config.limits.announcementLength, visible: true })
  const written = check(schema, wanted, 'input.text')

  return withTransaction(ctx, async (tx) => {
    await lockGroup(tx.sql, viewer, groupId, manageRefusal)

    const { seq, sentAt } = await appendSystemMessage(tx, groupId, {
      event: 'ANNOUNCEMENT_POSTED',
      actorId: viewer.userId,
    })
    const announcement = {
      id: newId(),
      conversationId: groupId,
      seq,
      text: written,
      authorId: viewer.userId,
      createdAt: sentAt,
    }
    await insertAnnouncement(tx.sql, announcement)
    await bumpSettingsVersion(tx, groupId)
    return announcement
  })
}
