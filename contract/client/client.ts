import type { Complete, OperationName, Recorder } from '../history.ts'
import { documents } from './documents.ts'
import { type Answer, request } from './request.ts'

export interface Credentials {
  accessToken: string
  refreshToken: string
  sessionId: string
}

export type Outcome = Answer & { op: number }

/** A device of a user. Each operation is recorded before it begins and after it ended. */
export class Client {
  readonly user: string
  readonly device: string
  readonly id: string
  credentials: Credentials
  readonly #urls: string[]
  readonly #recorder: Recorder

  constructor(parts: {
    user: string
    device: string
    id: string
    credentials: Credentials
    urls: string[]
    recorder: Recorder
  }) {
    this.user = parts.user
    this.device = parts.device
    this.id = parts.id
    this.credentials = parts.credentials
    this.#urls = parts.urls
    this.#recorder = parts.recorder
  }

  /** The same user with the tokens of another session. */
  on(device: string, credentials: Credentials): Client {
    return new Client({ ...this.#parts(), device, credentials })
  }

  #parts() {
    const { user, device, id, credentials } = this
    return { user, device, id, credentials, urls: this.#urls, recorder: this.#recorder }
  }

  get urls(): string[] {
    return this.#urls
  }

  get recorder(): Recorder {
    return this.#recorder
  }

  /** Performs an operation through one server. */
  async perform(
    f: OperationName,
    server: number,
    variables: Record<string, unknown>,
    document: string = documents[f as keyof typeof documents],
  ): Promise<Outcome> {
    const op = this.#recorder.nextOperation()
    const { user, device } = this
    this.#recorder.write({ ph: 'invoke', op, f, user, device, server, in: variables })
    const answer = await request(this.#urls[server] ?? '', document, variables, this.credentials.accessToken)
    const line: Omit<Complete, 't'> =
      answer.ph === 'ok' ? { ph: 'ok', op, out: answer.data } : { ph: answer.ph, op, code: answer.code }
    this.#recorder.write(line)
    return { ...answer, op }
  }
}
