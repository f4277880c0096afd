/** Runs work while no other work of that name runs, in all tabs where the platform has locks between tabs. */
export type Lock = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>

interface Locks {
  request<Result>(name: string, work: () => Promise<Result>): Promise<Result>
}

export function defaultLock(): Lock {
  const { navigator } = globalThis as { navigator?: { locks?: Locks } }
  const locks = navigator?.locks
  return locks ? (name, work) => locks.request(name, work) : localLock()
}

/** A lock within this client, for platforms without tabs. */
export function localLock(): Lock {
  const last = new Map<string, Promise<unknown>>()
  return (name, work) => {
    const result = (last.get(name) ?? Promise.resolve()).then(work)
    last.set(
      name,
      result.catch(() => {}),
    )
    return result
  }
}
