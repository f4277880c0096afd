import type { Tx } from '../transaction.ts'

/** Announces to owner and admins a change that only they see. */
export async function announceToManagers(tx: Tx, groupId: string): Promise<void> {
  const managers = await tx.sql.query<{ userId: string }>(
    `select user_id as "userId" from membership where conversation_id = $1 and role in ('OWNER', 'ADMIN')`,
    [groupId],
  )
  for (const { userId } of managers) tx.announce({ userId, kind: 'conversation', subjectId: groupId })
}
