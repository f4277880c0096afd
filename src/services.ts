import { auth } from './auth/slice.ts'
import type { Config } from './config.ts'
import { contact } from './contact/slice.ts'
import type { Services } from './context.ts'
import { type Cleanups, openCore } from './core.ts'
import { group } from './group/slice.ts'
import { inbox } from './inbox/slice.ts'
import { media } from './media/slice.ts'
import { message } from './message/slice.ts'
import { moderation } from './moderation/slice.ts'
import { notification } from './notification/slice.ts'
import type { Database } from './platform/db/database.ts'
import { presence } from './presence/slice.ts'
import { search } from './search/slice.ts'
import type { Opened, Overrides } from './slice.ts'
import { webhook } from './webhook/slice.ts'

/** In the order in which they open. They close in reverse. */
const slices = [
  auth,
  media,
  contact,
  group,
  message,
  inbox,
  search,
  notification,
  webhook,
  presence,
  moderation,
]

export interface OpenedServices {
  services: Services
  slices: readonly Opened[]
  database: Database
  parts: Record<string, string>
}

/** Opens the core and every slice, without jobs, workers and server. Adds what closes them to `cleanups`. */
export async function openServices(
  config: Config,
  overrides: Overrides,
  cleanups: Cleanups,
): Promise<OpenedServices> {
  const { core, database, parts } = await openCore(config, overrides, cleanups)
  // Filled slice by slice: each slice can use the members of those before it.
  const services = core as Services
  const opened: Opened[] = []
  for (const { name, open } of slices) {
    const slice = await open(core, core.hooks.of(name), overrides)
    if (slice.close) cleanups.push(slice.close)
    Object.assign(services, slice.service)
    opened.push(slice)
  }
  core.hooks.seal()
  Object.assign(parts, ...opened.toReversed().map((slice) => slice.parts))
  return { services, slices: opened, database, parts }
}
