/** A value that changes. `subscribe` calls back after each change until the returned function is called. */
export interface Signal<Value> {
  get(): Value
  subscribe(listener: () => void): () => void
}

export interface WritableSignal<Value> extends Signal<Value> {
  set(value: Value): void
}

export function signal<Value>(initial: Value): WritableSignal<Value> {
  let current = initial
  const listeners = new Set<() => void>()
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return
      current = value
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      // One entry for each subscription, also of the same function.
      const entry = () => listener()
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
  }
}

/** A value computed from signals. It is computed anew only if a source changed, and reported only if it differs. */
export function computed<Value>(sources: readonly Signal<unknown>[], compute: () => Value): Signal<Value> {
  let seen: unknown[] | null = null
  let current: Value
  const get = () => {
    const now = sources.map((source) => source.get())
    if (!seen || now.some((value, index) => !Object.is(value, seen?.[index]))) {
      seen = now
      current = compute()
    }
    return current
  }
  return {
    get,
    subscribe(listener) {
      let reported = get()
      const check = () => {
        const value = get()
        if (Object.is(value, reported)) return
        reported = value
        listener()
      }
      const stops = sources.map((source) => source.subscribe(check))
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}

/** A computed value that is replaced only by one with other contents. */
export function steady<Value>(sources: readonly Signal<unknown>[], compute: () => Value): Signal<Value> {
  let shown: Value
  return computed(sources, () => {
    const next = compute()
    if (JSON.stringify(next) !== JSON.stringify(shown)) shown = next
    return shown
  })
}

/** Resolves when the signal fits, at once if it does already. */
export function until<Value>(source: Signal<Value>, fits: (value: Value) => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (fits(source.get())) return resolve()
    const stop = source.subscribe(() => {
      if (!fits(source.get())) return
      stop()
      resolve()
    })
  })
}

/** A signal with work that runs while it has subscribers. `start` returns what ends that. */
export function whileRead<Value>(source: Signal<Value>, start: () => () => void): Signal<Value> {
  let subscribers = 0
  let stop = () => {}
  return {
    get: source.get,
    subscribe(listener) {
      const unsubscribe = source.subscribe(listener)
      subscribers += 1
      if (subscribers === 1) stop = start()
      let over = false
      return () => {
        if (over) return
        over = true
        unsubscribe()
        subscribers -= 1
        if (subscribers === 0) stop()
      }
    },
  }
}

/** A value that is kept up to date while it has subscribers. */
export function lazy<Value>(
  initial: Value,
  start: (target: WritableSignal<Value>) => () => void,
): Signal<Value> {
  const target = signal(initial)
  return whileRead(target, () => start(target))
}
