import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

// A COMMIT in the protocol: the end of a request's transaction, or the text of the driver.
const commits = ['; commit', 'COMMIT']

const isCommit = (data: Buffer) => commits.some((text) => data.includes(text))

type Moment = 'before' | 'after'

interface FaultAtCommit {
  /** Of a statement of the transaction. */
  text: string
  fault: `cut ${Moment}` | 'silence'
  hasHappened: () => void
}

interface StatementToCut {
  text: string
  /** Only after a transaction with the text. */
  afterCommit: boolean
  isCut: () => void
}

interface StatementToHold {
  texts: string[]
  /** How many such statements pass before it. */
  earlier: number
  isHeld: (release: () => void) => void
}

/** A proxy between a server and its database that fails on request. */
export class DatabaseProxy {
  #upstream: URL
  readonly #pairs = new Set<[Socket, Socket]>()
  #server: Server
  #port = 0
  #silent = false
  #atCommit: FaultAtCommit | null = null
  #cutStatement: StatementToCut | null = null
  #heldStatement: StatementToHold | null = null
  #last: { text: string; isAnswered: () => void } | null = null

  private constructor(url: string) {
    this.#upstream = new URL(url)
    this.#server = this.#serve()
  }

  static async before(url: string): Promise<DatabaseProxy> {
    const proxy = new DatabaseProxy(url)
    await proxy.#listen()
    return proxy
  }

  /** URL of the database through this proxy. */
  get url(): string {
    const url = new URL(this.#upstream)
    url.hostname = '127.0.0.1'
    url.port = String(this.#port)
    url.searchParams.delete('host')
    return url.href
  }

  #serve(): Server {
    return createServer((client) => this.#join(client))
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (typeof address === 'object' && address) this.#port = address.port
  }

  #join(client: Socket): void {
    const { hostname, port, searchParams } = this.#upstream
    const folder = searchParams.get('host')
    const number = Number(port || 5432)
    const upstream = folder ? connect(`${folder}/.s.PGSQL.${number}`) : connect(number, hostname)
    const pair: [Socket, Socket] = [client, upstream]
    this.#pairs.add(pair)
    let due: FaultAtCommit | null = null
    let cutOnAnswer = false
    // What is cut after the transaction of this connection. Others commit at any time.
    let cutAfterwards: StatementToCut | null = null
    const end = () => {
      this.#pairs.delete(pair)
      client.destroy()
      upstream.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    client.on('data', (data) => {
      if (this.#cutStatement && !this.#cutStatement.afterCommit && data.includes(this.#cutStatement.text)) {
        this.#cutStatement.isCut()
        this.#cutStatement = null
        return end()
      }
      if (this.#cutStatement && data.includes(this.#cutStatement.text)) cutAfterwards = this.#cutStatement
      if (cutAfterwards && isCommit(data)) cutAfterwards.afterCommit = false
      if (this.#atCommit && data.includes(this.#atCommit.text)) due = this.#atCommit
      if (due && isCommit(data)) {
        const { fault, hasHappened } = due
        this.#atCommit = due = null
        hasHappened()
        if (fault === 'cut before') return end()
        if (fault === 'cut after') cutOnAnswer = true
        else this.fallsSilent()
      }
      if (this.#holds(data, client, upstream)) return
      upstream.write(data)
    })
    upstream.on('data', (data: Buffer) => {
      // The statements before it are answered first.
      if (cutOnAnswer) return data.includes('COMMIT') ? end() : undefined
      client.write(data)
      if (!this.#last || !data.includes(this.#last.text)) return
      this.fallsSilent()
      this.#last.isAnswered()
      this.#last = null
    })
    if (this.#silent) for (const socket of pair) socket.pause()
  }

  #holds(data: Buffer, client: Socket, upstream: Socket): boolean {
    const held = this.#heldStatement
    if (!held?.texts.every((text) => data.includes(text))) return false
    if (held.earlier > 0) {
      held.earlier -= 1
      return false
    }
    this.#heldStatement = null
    client.pause()
    held.isHeld(() => {
      upstream.write(data)
      client.resume()
    })
    return true
  }

  /** Breaks every connection and refuses new ones. */
  async goesAway(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const [client] of this.#pairs) client.destroy()
    await closed
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#pairs.size
  }

  /** Keeps connections open and forwards nothing. */
  fallsSilent(): void {
    this.#silent = true
    for (const pair of this.#pairs) for (const socket of pair) socket.pause()
  }

  /** Forwards nothing after the response with this text; resolves when that was forwarded. */
  fallsSilentAfter(text: string): Promise<void> {
    return new Promise((isAnswered) => {
      this.#last = { text, isAnswered }
    })
  }

  /** Forwards the COMMIT of the transaction with this text, and nothing after it; resolves when it did. */
  fallsSilentAtTheCommitOf(text: string): Promise<void> {
    return this.#failsAtTheCommitOf(text, 'silence')
  }

  /** Forwards again, possibly to another database. */
  async comesBack(as?: string): Promise<void> {
    if (as) this.#upstream = new URL(as)
    this.#silent = false
    for (const pair of this.#pairs) for (const socket of pair) socket.resume()
    if (this.#server.listening) return
    this.#server = this.#serve()
    await this.#listen()
  }

  /** Breaks the connection with this text before the database receives its COMMIT, or after that; resolves when it comes. */
  cutsTheCommitOf(text: string, moment: Moment): Promise<void> {
    return this.#failsAtTheCommitOf(text, `cut ${moment}`)
  }

  #failsAtTheCommitOf(text: string, fault: FaultAtCommit['fault']): Promise<void> {
    return new Promise((hasHappened) => {
      this.#atCommit = { text, fault, hasHappened }
    })
  }

  /** Breaks the connection before a statement with this text reaches the database; resolves when it did. */
  cutsTheStatementWith(text: string, { afterCommit = false } = {}): Promise<void> {
    return new Promise((isCut) => {
      this.#cutStatement = { text, afterCommit, isCut }
    })
  }

  /** Holds back a statement with these texts, after some earlier ones; resolves with what lets it pass. */
  holdsTheStatementWith(texts: string[], { earlier }: { earlier: number }): Promise<() => void> {
    return new Promise((isHeld) => {
      this.#heldStatement = { texts, earlier, isHeld }
    })
  }

  async close(): Promise<void> {
    if (this.#server.listening) await this.goesAway()
  }
}
