import { readAuditTrail } from '../../moderation/lists.ts'
import type { Run } from '../cli/command.ts'
import { administer } from './access.ts'
import { numberOf } from './number.ts'

export const audit: Run = (config, input, output) => {
  const last = numberOf('last', input.values.last, { otherwise: 50, max: 1_000 })
  return administer(config, input, output, async ({ ctx }) => {
    const entries = await readAuditTrail(ctx.sql, last)
    const lines = entries.map(
      ({ at, actorId, action, subject, detail }) =>
        `${at.toISOString()} ${actorId ?? 'server or operator'} ${action} ${subject} ${detail ? JSON.stringify(detail) : ''}`,
    )
    output.result({ entries }, lines.join('\n') || 'The audit trail is empty.')
    return 0
  })
}
