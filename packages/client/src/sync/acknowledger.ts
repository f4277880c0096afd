export interface Acknowledger {
  handled(cursor: string): void
  stop(): void
}

const shortestMs = 1_000

/** Reports handled cursors: at most once a second, always the latest. The next report covers a lost one. */
export function acknowledger(report: (cursor: string) => Promise<unknown>): Acknowledger {
  let latest: string | null = null
  let timer: ReturnType<typeof setTimeout> | null = null

  async function send(): Promise<void> {
    timer = setTimeout(() => {
      timer = null
      if (latest) void send()
    }, shortestMs)
    const cursor = latest
    latest = null
    if (cursor) await report(cursor).catch(() => {})
  }

  return {
    handled(cursor) {
      latest = cursor
      if (!timer) void send()
    },
    stop() {
      if (timer) clearTimeout(timer)
      latest = null
    },
  }
}
