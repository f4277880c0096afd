import type { Services } from '../context.ts'
import type { Listener } from '../hooks.ts'
import { createHttpClient } from '../platform/http-client/client.ts'
import { addJob } from '../platform/jobs/add-job.ts'
import type { Task } from '../platform/jobs/job-runner.ts'
import { deliver } from './deliver.ts'

export const registeredTask = 'webhookUserRegistered'

interface Registered {
  userId: string
  url: string
}

/** Adds a job per endpoint in the transaction of the registration: a new user belongs to no conversation whose mark could carry it. */
export const enqueueRegistered =
  ({ webhooks }: Pick<Services['config'], 'webhooks'>): Listener<'accountCreated'> =>
  async (tx, { userId }) => {
    for (const url of webhooks.urls)
      await addJob(tx.sql, registeredTask, { userId, url } satisfies Registered)
  }

const readUser = `
  select id, handle, display_name as "displayName", created_at as "createdAt" from "user"
  where id = $1 and deleted_at is null`

/** The job queue retries it for days, with back-off. */
export function deliverRegistered({
  sql,
  config,
  tracing,
}: Pick<Services, 'sql' | 'config' | 'tracing'>): Task {
  const { key, allowPrivate, urls } = config.webhooks
  const httpClient = createHttpClient({ timeoutMs: config.limits.webhookTimeoutMs, allowPrivate, tracing })
  return {
    async run(payload) {
      const { userId, url } = payload as Registered
      const [user] = await sql.query<{ id: string; createdAt: Date }>(readUser, [userId])
      if (!user || !urls.includes(url)) return
      await deliver(httpClient, key, url, {
        id: `${user.id}.registered`,
        type: 'user.registered',
        at: user.createdAt,
        data: user,
      })
    },
  }
}
