/** Where Redis is. */
export interface RedisAddress {
  /** With Sentinels, its host is the name of the primary. */
  url: string
  sentinels: readonly { host: string; port: number }[]
  sentinelPassword: string | undefined
}

/** The address of a Redis without user and password, for display. */
export function describeRedis({ url, sentinels }: RedisAddress): string {
  const { host, pathname } = new URL(url)
  const name = `Redis at ${host}${pathname.replace(/^\/$/, '')}`
  if (sentinels.length === 0) return name
  return `${name}, by Sentinels at ${sentinels.map((each) => `${each.host}:${each.port}`).join(', ')}`
}
