import { join } from 'node:path'

/** Stops in any case. */
export interface Stoppable {
  stop(): Promise<void>
}

/** Duration and number of rounds, and what must be stopped at the end. */
export interface Run {
  rounds: number
  warmUpMs: number
  ms: number
  idleSockets: number
  idleRounds: number
  /** Devices that reconnect at once. */
  stormSockets: number
  /** Messages of the larger of two databases. */
  messages: number
  /** Path of a round's profile; null without profiling. */
  profileFor(name: string, round: number): string | null
  /** Says what is being measured. */
  progress(text: string): void
  use<Part extends Stoppable>(part: Part | Promise<Part>): Promise<Part>
  stopAll(): Promise<void>
}

export function createRun(options: {
  quick: boolean
  profileDir: string | undefined
  messages?: string | undefined
}): Run {
  const { quick, profileDir } = options
  const parts: Stoppable[] = []
  const rounds = quick ? 3 : 5
  return {
    rounds,
    warmUpMs: quick ? 300 : 500,
    ms: quick ? 700 : 2_000,
    idleSockets: quick ? 1_500 : 5_000,
    idleRounds: quick ? 1 : 3,
    stormSockets: quick ? 1_000 : 10_000,
    messages: Number(options.messages ?? (quick ? 100_000 : 1_000_000)),
    progress: (text) => void process.stderr.write(`  ${text}\n`),
    // The last round, when caches are warm.
    profileFor: (name, round) =>
      profileDir && round === rounds - 1 ? join(profileDir, `${name}.cpuprofile`) : null,
    async use(part) {
      const used = await part
      parts.push(used)
      return used
    },
    async stopAll() {
      for (const part of parts.splice(0).reverse()) await part.stop()
    },
  }
}
