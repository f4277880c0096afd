import { isModerator } from '../../account/moderators.ts'
import { type Context, requireViewer } from '../../context.ts'
import { notFound, refuse } from '../../errors.ts'
import { readMessage } from '../../message/store.ts'
import { columns } from '../../platform/db/columns.ts'
import type { PushAttempt } from '../../platform/db/generated/client.ts'
import { withdrawalPurposes } from '../withdrawal.ts'

const fields = [
  'id',
  'deviceId',
  'purpose',
  'status',
  'providerStatus',
  'at',
] as const satisfies readonly (keyof PushAttempt)[]

/** A push attempt as the API shows it. */
export type AttemptView = Pick<PushAttempt, (typeof fields)[number]>

export const attemptColumns = columns('a', fields)

export const attemptsMax = 500

const listAttempts = `
  select ${attemptColumns} from push_attempt a
  where a.conversation_id = $1 and a.to_seq >= $2 and a.from_seq <= $2 and (a.purpose not in ${withdrawalPurposes} or $3::boolean)
  order by a.to_seq, a.at, a.id limit ${attemptsMax}`

/** The push attempts for a message. The sender must not learn the recipients' settings or who has read the message. */
export async function pushAttempts(ctx: Context, messageId: string): Promise<AttemptView[]> {
  const { userId } = requireViewer(ctx)
  const asModerator = await isModerator(ctx, userId)
  const message = asModerator ? await anyMessage(ctx, messageId) : await readMessage(ctx, messageId)
  if (!message) throw notFound('message')
  if (!asModerator && message.senderId !== userId)
    throw refuse('FORBIDDEN', 'Only the sender and moderators may see the push attempts of a message.')

  const attempts = await ctx.sql.query<AttemptView>(listAttempts, [
    message.conversationId,
    message.seq,
    asModerator,
  ])
  return asModerator ? attempts : attempts.map(withoutReasons)
}

const attemptById = `
  select ${attemptColumns} from push_attempt a
  where a.id = $1 and ($3::boolean
    or (a.purpose = 'TEST' and a.user_id = $2)
    or (a.purpose not in ${withdrawalPurposes} and exists (
      select from message s
      join membership m on m.conversation_id = s.conversation_id and m.user_id = $2 and s.seq >= m.visible_from_seq
      where s.conversation_id = a.conversation_id and s.seq between a.from_seq and a.to_seq and s.sender_id = $2)))`

/** A push attempt for a message of the viewer, or a test of the viewer; moderators see all, others none. */
export async function readAttempt(ctx: Context, id: string): Promise<AttemptView | null> {
  const { userId } = requireViewer(ctx)
  const asModerator = await isModerator(ctx, userId)
  const [attempt] = await ctx.sql.query<AttemptView>(attemptById, [id, userId, asModerator])
  if (!attempt) return null
  return asModerator ? attempt : withoutReasons(attempt)
}

async function anyMessage(ctx: Context, id: string) {
  const [message] = await ctx.sql.query<{ conversationId: string; seq: number; senderId: string | null }>(
    `select conversation_id as "conversationId", seq, sender_id as "senderId" from message where id = $1`,
    [id],
  )
  return message ?? null
}

const withoutReasons = (attempt: AttemptView): AttemptView =>
  attempt.status === 'SUPPRESSED' ? { ...attempt, providerStatus: null } : attempt
