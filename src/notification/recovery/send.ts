import { loadUser } from '../../account/store.ts'
import { type Services, systemContext } from '../../context.ts'
import type { Task } from '../../platform/jobs/job-runner.ts'
import { retryOnError } from '../deliver/send.ts'
import { localeOf } from '../device/store.ts'
import { codeLifeSeconds, hashOf, newCode } from './code.ts'

export const resetTask = 'sendPasswordReset'

const replace = `
  insert into password_reset (user_id, code_hash, expires_at)
  values ($1, $2, clock_timestamp() + interval '${codeLifeSeconds} seconds')
  on conflict (user_id) do update set code_hash = excluded.code_hash, tries = 0, expires_at = excluded.expires_at`

/** Mails a new code, which invalidates the previous one. The job has no code: another attempt sends another one. */
export function sendPasswordReset(services: Services): Task {
  return {
    async run(payload) {
      const { userId } = payload as { userId: string }
      const { mailer, templates } = services.push
      const user = await loadUser(systemContext(services, resetTask), userId)
      if (!mailer || !user?.email || !user.emailVerifiedAt || user.deletedAt) return
      const to = user.email
      const code = newCode()
      await services.sql.query(replace, [userId, hashOf(services, userId, code)])
      const locale = await localeOf(services.sql, userId)
      const minutes = codeLifeSeconds / 60
      const { outcome, providerStatus } = await retryOnError(() =>
        mailer.send({
          to,
          subject: templates.fill(locale, 'passwordSubject'),
          text: templates.fill(locale, 'password', { code, minutes }),
        }),
      )
      services.push.count('EMAIL', outcome)
      if (outcome === 'RETRY') throw new Error(`The code was not sent: ${providerStatus}`)
      if (outcome !== 'SENT') services.log.warn({ userId, providerStatus }, 'password code not sent')
    },
  }
}
