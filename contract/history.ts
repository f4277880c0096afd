import { createWriteStream, readFileSync } from 'node:fs'

export type OperationName =
  | 'send'
  | 'edit'
  | 'recall'
  | 'read'
  | 'list'
  | 'history'
  | 'changes'
  | 'search'
  | 'add'
  | 'remove'
  | 'sync'
  | 'login'
  | 'refresh'
  | 'revoke'
  | 'me'
  | 'final'
  | 'find'

/** Who does something, and through which server. */
export interface Actor {
  user: string
  device: string
  server: number
}

export interface Invoke extends Actor {
  ph: 'invoke'
  t: number
  op: number
  f: OperationName
  in: Record<string, unknown>
}

/** `fail` is a definite error; `info` leaves open whether the operation took place. */
export interface Complete {
  ph: 'ok' | 'fail' | 'info'
  t: number
  op: number
  out?: Record<string, unknown>
  code?: string
}

export interface EventLine extends Actor {
  ph: 'event'
  /** When the device took it; it may have been received earlier, while the device read something. */
  t: number
  received: number
  event: Record<string, unknown> & { __typename: string }
}

/** A stream that opened or closed; `code` is the close code of its socket, absent if the client broke it. */
export interface StreamLine extends Actor {
  ph: 'open' | 'close'
  t: number
  code?: number
}

/** It takes effect between `begin` and `holds`, and loses it between `heals` and `end`. */
export interface FaultLine {
  ph: 'fault'
  t: number
  name: string
  at: 'begin' | 'holds' | 'heals' | 'end'
  server?: number
  detail?: Record<string, unknown>
}

export interface PhaseLine {
  ph: 'phase'
  t: number
  name: string
  /** The users of the run: id → name. */
  users?: Record<string, string>
}

/** The machine had no time for this process, nor for its servers, which have the same priority. */
export interface LagLine {
  ph: 'lag'
  t: number
  ms: number
}

export type Line = Invoke | Complete | EventLine | StreamLine | FaultLine | PhaseLine | LagLine

/** Milliseconds of the one monotonic clock of a run. */
export const now = (): number => Number(process.hrtime.bigint() / 1000n) / 1000

type Unstamped<L> = L extends Line ? Omit<L, 't'> : never

/** Writes each line before the next thing happens, so that a run that is killed leaves a usable history. */
export class Recorder {
  readonly lines: Line[] = []
  readonly #file: ReturnType<typeof createWriteStream> | null
  #operations = 0

  constructor(path: string | null) {
    this.#file = path ? createWriteStream(path) : null
  }

  write(line: Unstamped<Line>): Line {
    const stamped: Line = { t: now(), ...line }
    this.lines.push(stamped)
    this.#file?.write(`${JSON.stringify(stamped)}\n`)
    return stamped
  }

  nextOperation(): number {
    this.#operations += 1
    return this.#operations
  }

  close(): Promise<void> {
    return new Promise((resolve) => (this.#file ? this.#file.end(() => resolve()) : resolve()))
  }
}

export const readHistory = (path: string): Line[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
