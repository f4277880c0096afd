/** Calls back when the network returns or the page becomes visible; without a page, never. */
export type Wake = (listener: () => void) => () => void

interface Target {
  addEventListener?(name: string, listener: () => void): void
  removeEventListener?(name: string, listener: () => void): void
}

export const pageWakes: Wake = (listener) => {
  const { document } = globalThis as { document?: Target & { visibilityState: string } }
  const whenVisible = () => {
    if (document?.visibilityState === 'visible') listener()
  }
  const target = globalThis as Target
  target.addEventListener?.('online', listener)
  document?.addEventListener?.('visibilitychange', whenVisible)
  return () => {
    target.removeEventListener?.('online', listener)
    document?.removeEventListener?.('visibilitychange', whenVisible)
  }
}
