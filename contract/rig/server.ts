import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { now } from '../history.ts'

/** A server process that is killed, stopped and restarted at one address. */
export class Server {
  readonly url: string
  readonly #program: string
  readonly #env: Record<string, string>
  #child: ChildProcess | null = null
  #exit: Promise<[number | null, string | null]> = Promise.resolve([null, null])
  #output = ''

  constructor(program: string, port: number, env: Record<string, string>) {
    this.#program = program
    this.#env = { ...env, PORT: String(port) }
    this.url = `http://127.0.0.1:${port}`
  }

  async start(): Promise<void> {
    this.#output = ''
    const child = spawn(process.execPath, [this.#program], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    this.#exit = once(child, 'exit') as Promise<[number | null, string | null]>
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        this.#output = `${this.#output}${bytes}`.slice(-20_000)
      })
    const ended = this.#exit.then(([code]) => {
      throw new Error(`The server ended with ${code}:\n${this.#output}`)
    })
    ended.catch(() => {})
    while (!this.#output.includes('"http":"http'))
      await Promise.race([once(child.stdout as never, 'data'), ended])
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(name)
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGCONT')
    this.#child?.kill('SIGKILL')
    await this.#exit
  }

  /** Asks the server to end, as a deployment does. */
  async terminate(): Promise<{ code: number | null; ms: number }> {
    const begin = now()
    this.#child?.kill('SIGCONT')
    this.#child?.kill('SIGTERM')
    const [code] = await this.#exit
    return { code, ms: now() - begin }
  }

  get output(): string {
    return this.#output
  }
}
