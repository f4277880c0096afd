import type { Config } from '../../config.ts'
import { invalidInput, type Refusal } from '../../errors.ts'
import { slowModeRefusal } from '../../group/policy.ts'
import type { MediaRow } from '../../media/store.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { nonMembersAmong } from '../store.ts'
import { addFilename, mediaRefusal } from './attachments.ts'
import {
  loadSendPermissions,
  markSent,
  mentionsRefusal,
  quoteRefusal,
  type SendPermission,
  sendRefusal,
} from './permission.ts'
import type { Outcomes, SendRequest } from './request.ts'

/** What decides whether the requests of a batch may be stored. */
export interface Facts {
  permissionOf: (request: SendRequest) => SendPermission | undefined
  isMember: (request: SendRequest) => boolean
  nonMembers: Set<string>
}

/** Reads the facts. Requires the locks of the conversations. The statements are sent at once. */
export async function readFacts(sql: Sql, requests: SendRequest[]): Promise<Facts> {
  const [permissionOf, nonMembers] = await Promise.all([
    loadSendPermissions(sql, requests),
    nonMembersAmong(sql, requests),
  ])
  const isMember = (request: SendRequest) => typeof permissionOf(request)?.visibleFromSeq === 'number'
  return { permissionOf, isMember, nonMembers }
}

/** Refuses what its sender may not send. Returns the requests that may be stored. */
export function applyPermissions(
  requests: SendRequest[],
  { permissionOf, nonMembers, media }: Facts & { media: Map<string, MediaRow> },
  outcomes: Outcomes,
  config: Config,
): SendRequest[] {
  return requests.filter((request) => {
    const permission = permissionOf(request)
    const refusal = permission
      ? requestRefusal(request, permission, { nonMembers, media, config })
      : sendRefusal(undefined, config)
    if (refusal) outcomes.set(request, refusal)
    else if (permission) markSent(permission)
    addFilename(request, media)
    return !refusal
  })
}

function requestRefusal(
  request: SendRequest,
  permission: SendPermission,
  { nonMembers, media, config }: { nonMembers: Set<string>; media: Map<string, MediaRow>; config: Config },
): Refusal | null {
  return (
    sendRefusal(permission, config) ??
    quoteRefusal(permission, request.quoteSeq) ??
    mentionsRefusal(permission, request.mentions, config) ??
    mentionRefusal(request, nonMembers) ??
    mediaRefusal(request, media) ??
    slowModeRefusal(permission)
  )
}

/** `nonMembers` comes from `nonMembersAmong`. */
export function mentionRefusal(
  message: { conversationId: string; mentions: (string | null)[] },
  nonMembers: Set<string>,
  path = 'input.content.richText',
): Refusal | null {
  const mentioned = message.mentions.find((userId) => nonMembers.has(`${message.conversationId} ${userId}`))
  if (mentioned === undefined) return null
  return invalidInput({ path, message: `mentions ${mentioned}, who is not in the conversation` })
}
