import { endMaintenance, startMaintenance } from '../../moderation/maintenance/set.ts'
import { listDeadJobs, retryJobs } from '../../moderation/upkeep/jobs.ts'
import { retryPush } from '../../moderation/upkeep/push.ts'
import { text } from '../../platform/text.ts'
import type { Run } from '../cli/command.ts'
import { UsageError } from '../cli/parse.ts'
import { administer } from './access.ts'
import { numberOf } from './number.ts'

const listed = 1_000

export const jobs: Run = (config, input, output) => {
  const { id } = input.values
  if (id !== undefined && !(input.switches.has('retry') && /^\d{1,18}$/.test(id)))
    throw new UsageError('--id: a number from the list, together with --retry.')
  return administer(config, input, output, async ({ ctx, actor }) => {
    if (input.switches.has('retry')) {
      const retried = await retryJobs(ctx, actor, id ?? null)
      output.result({ retried }, `${retried} jobs run again.`)
      return 0
    }
    const dead = await listDeadJobs(ctx.sql, listed)
    const lines = dead.map(
      ({ id, task, attempts, failedAt, lastError }) =>
        `${id} ${task}, ${attempts} attempts, last at ${failedAt.toISOString()}: ${lastError?.split('\n')[0] ?? 'no error'}`,
    )
    output.result({ jobs: dead }, lines.join('\n') || 'No job failed finally.')
    return 0
  })
}

const weekMinutes = 10_080

export const push: Run = (config, input, output) => {
  const minutes = numberOf('minutes', input.values.minutes, { otherwise: 60, max: weekMinutes })
  return administer(config, input, output, async ({ ctx, actor }) => {
    const { failed, waiting } = await retryPush(ctx, actor, minutes)
    output.result(
      { failed, waiting },
      `${failed} failed notifications are sent again, and ${waiting} waiting ones are due now.`,
    )
    return 0
  })
}

const noticeSchema = text({ max: 500, visible: true })

export const maintenance: Run = (config, input, output) => {
  const { begin } = input.values
  const ends = input.switches.has('end')
  if (begin !== undefined && ends) throw new UsageError('--begin and --end: only one of them.')
  const shown = begin === undefined ? null : noticeSchema.safeParse(begin)
  if (shown && !shown.success) throw new UsageError('--begin: a text of 1 to 500 characters.')
  return administer(config, input, output, async ({ ctx, actor }) => {
    if (shown) await startMaintenance(ctx, actor, shown.data)
    if (ends) await endMaintenance(ctx, actor)
    const [current] = await ctx.sql.query<{ text: string; since: Date }>(
      'select text, since from maintenance',
    )
    output.result(
      { maintenance: current ?? null },
      current
        ? `Maintenance goes on since ${current.since.toISOString()}: ${current.text}`
        : 'There is no maintenance.',
    )
    return 0
  })
}
