import { createHash } from 'node:crypto'
import { nextAvatar } from '../account/avatar.ts'
import { limitStrangers } from '../contact/limits.ts'
import { additionRefusal, isStranger } from '../contact/policy.ts'
import { lockAccountsShared, readPairs } from '../contact/store.ts'
import { type Context, requireViewer } from '../context.ts'
import { type ConversationRow, requireConversation } from '../conversation/store.ts'
import { appendSystemMessage } from '../conversation/system-message.ts'
import { refuse } from '../errors.ts'
import { checkThenLock } from '../platform/db/check-then-lock.ts'
import type { Sql } from '../platform/db/sql.ts'
import { newId } from '../platform/ids.ts'
import { foldName } from '../platform/language/folding/name.ts'
import { check } from '../platform/validation.ts'
import { readingIn, type Tx, withTransaction } from '../transaction.ts'
import { type CreateGroupInput, createGroupSchema } from './inputs.ts'
import { additionsRefusal, deliveryModeAt, sizeRefusal } from './policy.ts'

type Wanted = ReturnType<typeof readInput>

/** Creates a group owned by the viewer. All initial members are added, or no group is created. */
export async function createGroup(ctx: Context, input: CreateGroupInput): Promise<ConversationRow> {
  const viewer = requireViewer(ctx)
  const wanted = readInput(input, viewer.userId)
  const { memberIds } = wanted
  const refusal =
    sizeRefusal(memberIds.length + 1, ctx.config) ?? additionsRefusal(memberIds.length, ctx.config)
  if (refusal) throw refusal

  const groupId = await withTransaction(ctx, async (tx) => {
    const earlier = await findEarlier(tx.sql, viewer.userId, wanted)
    if (earlier) return earlier

    await checkThenLock(
      async () => {
        const people = await readPairs(tx.sql, viewer.userId, memberIds)
        const refusal = additionRefusal(people, ctx.config)
        if (refusal) throw refusal
        return people.filter(isStranger).map(({ userId }) => userId)
      },
      async (strangers) => {
        await limitStrangers(ctx, strangers, 'GROUP', readingIn(tx))
        await lockAccountsShared(tx.sql, viewer.userId, memberIds)
      },
    )
    return writeGroup(ctx, tx, viewer.userId, wanted)
  })
  return requireConversation(ctx, viewer, groupId)
}

function readInput(input: CreateGroupInput, creatorId: string) {
  const { name, description, idempotencyKey } = check(createGroupSchema, input, 'input')
  const request = {
    name,
    description: description || null,
    memberIds: [...new Set(input.memberIds)].filter((id) => id !== creatorId).sort(),
    joinPolicy: input.joinPolicy ?? 'INVITE_ONLY',
    postingPolicy: input.postingPolicy ?? 'EVERYONE',
    historyVisibility: input.historyVisibility ?? 'SINCE_JOINED',
    mentionAllPolicy: input.mentionAllPolicy ?? 'BY_SIZE',
    avatarMediaId: input.avatarMediaId ?? undefined,
  }
  const requestHash = createHash('sha256').update(JSON.stringify(request)).digest('hex')
  return { ...request, idempotencyKey: idempotencyKey ?? null, requestHash }
}

/** The group created earlier with this key. Concurrent calls with one key wait here, so that the second finds the first's. */
async function findEarlier(sql: Sql, creatorId: string, wanted: Wanted): Promise<string | null> {
  const { idempotencyKey, requestHash } = wanted
  if (!idempotencyKey) return null
  await sql.query(`select 1 as locked from pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `create group ${creatorId} ${idempotencyKey}`,
  ])
  const [earlier] = await sql.query<{ id: string; requestHash: string }>(
    `select conversation_id as id, request_hash as "requestHash" from group_conversation
     where creator_id = $1 and idempotency_key = $2`,
    [creatorId, idempotencyKey],
  )
  if (!earlier) return null
  if (earlier.requestHash === requestHash) return earlier.id
  const path = 'input.idempotencyKey'
  throw refuse('CONFLICT', 'The idempotency key was used for another group.', {
    issues: [{ path, message: 'was used for another group' }],
  })
}

async function writeGroup(ctx: Context, tx: Tx, creatorId: string, wanted: Wanted): Promise<string> {
  const id = `group_${newId()}`
  const people = [creatorId, ...wanted.memberIds]
  const mode = deliveryModeAt(people.length, ctx.config.limits, 'INLINE')
  await tx.sql.query(
    `with created as (
       insert into conversation (id, kind, member_count, delivery_mode)
       values ($1, 'GROUP', cardinality($2::text[]), $3::message_delivery_mode)
     ), delivered as (
       insert into delivery (conversation_id, mode) values ($1, $3::message_delivery_mode)
     )
     insert into membership (conversation_id, user_id, role)
     select $1, user_id, (case when user_id = $4 then 'OWNER' else 'MEMBER' end)::group_role
     from unnest($2::text[]) as p (user_id)`,
    [id, people, mode, creatorId],
  )
  const { memberIds, ...settings } = wanted
  const none = { avatarMediaId: null, avatarKey: null }
  const avatar = await nextAvatar(ctx, tx, creatorId, none, settings.avatarMediaId)
  await tx.db.groupConversation.create({
    data: {
      conversationId: id,
      ownerId: creatorId,
      creatorId,
      foldedName: foldName(settings.name),
      ...settings,
      ...avatar,
    },
  })
  await appendSystemMessage(tx, id, { event: 'GROUP_CREATED', actorId: creatorId, subjectIds: memberIds })
  for (const userId of people) tx.announce({ userId, kind: 'conversation', subjectId: id })
  tx.afterCommit(() => ctx.hooks.signal('relationsChanged', { userIds: people }))
  return id
}
