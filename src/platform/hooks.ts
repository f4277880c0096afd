type Signature = (...args: never[]) => unknown
type Signatures<H> = { [Name in keyof H]: Signature }

type Returning<H extends Signatures<H>, Result> = {
  [Name in keyof H]: ReturnType<H[Name]> extends Result ? Name : never
}[keyof H]

/** Registers the listeners of one slice. */
export interface Listening<H extends Signatures<H>> {
  on<Name extends keyof H>(name: Name, listener: H[Name]): void
}

/**
 * Hooks by name, with at most one listener per slice. `order` lists for every hook which slices listen, first to last:
 * a listener that is not listed, or a listed one that is missing, fails the start.
 */
export class Hooks<H extends Signatures<H>> {
  readonly #order: { readonly [Name in keyof H]: readonly string[] }
  readonly #listeners: { [Name in keyof H]: Map<string, H[Name]> }

  constructor(order: { readonly [Name in keyof H]: readonly string[] }) {
    this.#order = order
    // Filled by `on`, put in order by `seal`.
    this.#listeners = Object.fromEntries(Object.keys(order).map((name) => [name, new Map()])) as {
      [Name in keyof H]: Map<string, H[Name]>
    }
  }

  of(slice: string): Listening<H> {
    return {
      on: (name, listener) => {
        const listeners = this.#listeners[name]
        if (!this.#order[name].includes(slice) || listeners.has(slice))
          throw new Error(`${slice} is not listed once as a listener of ${String(name)}`)
        listeners.set(slice, listener)
      },
    }
  }

  /** Puts the listeners in order; call it once every slice has registered. */
  seal(): void {
    for (const name of Object.keys(this.#order) as (keyof H)[]) {
      const registered = new Map(this.#listeners[name])
      this.#listeners[name].clear()
      for (const slice of this.#order[name]) {
        const listener = registered.get(slice)
        if (!listener) throw new Error(`${slice} does not listen to ${String(name)}`)
        this.#listeners[name].set(slice, listener)
      }
    }
  }

  /** Awaits one listener after the other. */
  async run<Name extends Returning<H, Promise<void>>>(
    name: Name,
    ...args: Parameters<H[Name]>
  ): Promise<void> {
    for (const listener of this.#listeners[name].values()) await listener(...args)
  }

  /** Calls the listeners synchronously; they must not throw. */
  signal<Name extends Returning<H, void>>(name: Name, ...args: Parameters<H[Name]>): void {
    for (const listener of this.#listeners[name].values()) listener(...args)
  }

  /** Asks all listeners concurrently and returns their answers in order. */
  ask<Name extends keyof H>(
    name: Name,
    ...args: Parameters<H[Name]>
  ): Promise<Awaited<ReturnType<H[Name]>>[]> {
    const answers = [...this.#listeners[name].values()].map((listener) => listener(...args))
    return Promise.all(answers) as Promise<Awaited<ReturnType<H[Name]>>[]>
  }
}
