import { lockAccountsShared } from '../../contact/store.ts'
import type { Viewer } from '../../context.ts'
import { findMembership } from '../../conversation/store.ts'
import { isNotFound, notFound } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { findJoinRequest } from '../join-request-store.ts'
import { manageRefusal } from '../policy.ts'
import { lockGroup } from '../store.ts'

/**
 * Locks a join request for a viewer who may decide it: first the requester's account, which could be deleted meanwhile,
 * then the group. To other users, except the requester, it is answered like a missing request.
 */
export async function lockJoinRequest(sql: Sql, viewer: Viewer, id: string) {
  const found = await findJoinRequest(sql, id)
  if (!found) throw notFound('join request')
  const membership = await findMembership(sql, { ...viewer, conversationId: found.conversationId })
  if (!membership && found.userId !== viewer.userId) throw notFound('join request')
  const refusal = manageRefusal(membership?.role ?? null)
  if (refusal) throw refusal
  await lockAccountsShared(sql, found.userId, [])
  const { conversation } = await lockGroup(sql, viewer, found.conversationId, manageRefusal).catch(
    (error) => {
      throw isNotFound(error) ? notFound('join request') : error
    },
  )
  const request = await findJoinRequest(sql, id)
  if (!request) throw notFound('join request')
  return { conversation, request }
}
