import type { Tabs } from './platform.ts'

export interface Election {
  /** Takes the lead from a leader that does not answer. */
  takeOver(): void
  stop(): void
}

/** One tab leads: it has the lock until it closes, or until another tab takes it because it does not answer. */
export function elect(
  tabs: Pick<Tabs, 'lock'>,
  name: string,
  tab: { lead(): void; follow(): void },
): Election {
  let stopped = false
  let release: (() => void) | null = null
  let queued = new AbortController()

  function lead(): Promise<void> {
    if (stopped) return Promise.resolve()
    return new Promise<void>((resolve) => {
      release = resolve
      tab.lead()
    })
  }

  function queue(steal: boolean): void {
    queued = new AbortController()
    const own = queued
    tabs.lock(name, steal ? { steal } : { signal: own.signal }, lead).catch(() => {
      // A request that was withdrawn never led.
      if (own.signal.aborted || stopped) return
      release = null
      tab.follow()
      queue(false)
    })
  }

  queue(false)
  return {
    takeOver() {
      if (release || stopped) return
      queued.abort()
      queue(true)
    },
    stop() {
      stopped = true
      queued.abort()
      release?.()
    },
  }
}
