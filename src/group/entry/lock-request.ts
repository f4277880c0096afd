import { lockAccountsShared } from '../../contact/store.ts'
import type { Viewer } from '../../context.ts'
import { findMembership } from '../../conversation/store.ts'
import { isNotFound, notFound } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { findJoinRequest } from '../join-request-store.ts'
import { manageRefusal } from '../policy.ts'
import { lockGroup } from '../store.ts'

/**
 * Locks a request for somebody who may answer it: first the account of the one who asks, which could end meanwhile,
 * then the group. Whoever is not in the group learns no more than of no request, unless it is their own.
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
