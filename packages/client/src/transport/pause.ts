import type { Wake } from './wake.ts'

export interface Pause {
  readonly over: Promise<void>
  /** Ends the pause at once. */
  end(): void
}

/** A pause that ends early when the page wakes. null waits for that alone. */
export function pause(ms: number | null, wake: Wake): Pause {
  let end = () => {}
  const over = new Promise<void>((resolve) => {
    const timer = ms === null ? undefined : setTimeout(() => end(), ms)
    const stop = wake(() => end())
    end = () => {
      clearTimeout(timer)
      stop()
      resolve()
    }
  })
  return { over, end: () => end() }
}
