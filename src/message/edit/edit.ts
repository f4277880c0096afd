import { isDeepStrictEqual } from 'node:util'
import { viewerLimitKeys } from '../../auth/limit-viewer.ts'
import { type Context, requireViewer } from '../../context.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { withTransaction } from '../../transaction.ts'
import {
  type ContentInput,
  comparableText,
  mentionsIn,
  readContent,
  type WrittenContent,
} from '../content/read.ts'
import { mentionRefusal } from '../send/check.ts'
import { callHook } from '../send/moderated.ts'
import { loadSendPermission, mentionsRefusal, sendRefusal } from '../send/permission.ts'
import { reportRepetition } from '../send/spam-report.ts'
import {
  type LockedMessage,
  lockMessage,
  type MessageRow,
  nonMembersAmong,
  readMessage,
  rewriteMessage,
} from '../store.ts'
import { announceMentions } from './mentions.ts'
import { editCountRefusal, editRefusal } from './policy.ts'
import { countEdits, keepRevision } from './revisions.ts'

/** Replaces the text of a message. An edit notifies like a send, so it needs the permission to send. */
export async function editMessage(ctx: Context, messageId: string, input: ContentInput): Promise<MessageRow> {
  const viewer = requireViewer(ctx)
  const asked = readContent(input, ctx, 'input.content')
  const tooFast = ctx.messages.limits.paceRefusal(viewerLimitKeys(ctx))
  if (tooFast) throw tooFast
  const written = await acceptedEdit(ctx, viewer.userId, messageId, asked)

  return withTransaction(ctx, async (tx) => {
    const { message } = await lockMessage(tx.sql, ctx, messageId, (sql, found) =>
      assertEditable(ctx, sql, found.message, written),
    )
    const { conversationId } = message
    const change = { kind: written.kind, content: written.content, mentions: mentionsIn(written) }
    const before = mentionsIn(message)
    if (message.kind === written.kind && isDeepStrictEqual(message.content, written.content)) return message
    const tooOften = editCountRefusal(await countEdits(tx.sql, message), ctx.config)
    if (tooOften) throw tooOften
    // Otherwise a sender could edit harmless messages into one text for many conversations.
    const repetition = ctx.messages.limits.repetition(viewer.userId, conversationId, comparableText(written))
    if (repetition?.refusal) throw repetition.refusal

    tx.afterCommit(() => reportRepetition(ctx, repetition, message))
    const rewritten = await rewriteMessage(tx, message, change)
    await keepRevision(tx.sql, message, rewritten)
    await announceMentions(tx, message, before, change.mentions)
    return rewritten
  })
}

/** Users who were mentioned before may still be mentioned after they left. */
async function assertEditable(
  ctx: Context,
  sql: Sql,
  message: LockedMessage,
  written: WrittenContent,
): Promise<void> {
  const { userId } = requireViewer(ctx)
  const { conversationId } = message
  const before = mentionsIn(message)
  const named = {
    conversationId,
    mentions: mentionsIn(written).filter((mentioned) => !before.includes(mentioned)),
  }
  const permission = await loadSendPermission(sql, conversationId, userId)
  const refusal =
    editRefusal(message, userId, ctx.config) ??
    sendRefusal(permission, ctx.config) ??
    (permission ? mentionsRefusal(permission, named.mentions, ctx.config) : null) ??
    mentionRefusal(named, await nonMembersAmong(sql, [named]), 'input.content.richText')
  if (refusal) throw refusal
}

/** The content after the hook. The hook is not called for an edit that is refused anyway or changes nothing. */
async function acceptedEdit(
  ctx: Context,
  editorId: string,
  messageId: string,
  asked: WrittenContent,
): Promise<WrittenContent> {
  if (!ctx.messages.moderated) return asked
  const message = await readMessage(ctx, messageId)
  if (message?.senderId !== editorId || isDeepStrictEqual(message.content, asked.content)) return asked
  const { conversationId, quoteSeq } = message
  const { refusal, written } = await callHook(ctx, ctx.messages.moderated.hook, {
    action: 'edit',
    conversationId,
    senderId: editorId,
    clientMessageId: null,
    messageId,
    kind: asked.kind,
    content: asked.content,
    quoteSeq,
  })
  if (refusal) throw refusal
  return written ?? asked
}
