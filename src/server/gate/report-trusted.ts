import type { Logger } from 'pino'
import type { Documents } from '../../platform/graphql/documents.ts'
import type { TrustedDocuments } from './trusted.ts'

const loggedMax = 20

/** Logs trusted documents that this server refuses: those of a client for another schema, or above a limit. */
export function reportTrusted(trusted: TrustedDocuments, documents: Documents, log: Logger): void {
  if (trusted.size === 0) return
  let refused = 0
  for (const [id, source] of trusted) {
    const fault = documents.fault(source)
    if (!fault) continue
    refused += 1
    if (refused <= loggedMax) log.warn({ documentId: id, reason: fault.message }, 'trusted document refused')
  }
  log.info({ documents: trusted.size, refused }, 'trusted documents loaded')
}
