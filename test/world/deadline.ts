import type { Config } from '../../src/config.ts'

/**
 * Runs work while requests that arrive have this deadline. All others have the ordinary one, so that a busy machine fails
 * no request but those that are meant to exceed it.
 */
export async function withDeadline<Result>(
  { limits }: Config,
  ms: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const ordinary = limits.requestDeadlineMs
  limits.requestDeadlineMs = ms
  try {
    return await work()
  } finally {
    limits.requestDeadlineMs = ordinary
  }
}

/** Runs work while the server has other settings. */
export async function withSettings<Result>(
  config: Config,
  settings: Partial<Config>,
  work: () => Promise<Result>,
): Promise<Result> {
  const ordinary = { ...config }
  Object.assign(config, settings)
  try {
    return await work()
  } finally {
    Object.assign(config, ordinary)
  }
}
