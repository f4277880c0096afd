import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { shorten } from '../../platform/language/shorten.ts'
import { Unreadable } from './unreadable.ts'

const run = promisify(execFile)

const outputMax = 4_000_000

// A decoder that crashes or floods its output does so again. SIGKILL is not among them: the machine was out of memory.
const crashes = new Set<unknown>(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGTRAP', 'SIGSYS'])
const tooMuchOutput = 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER'

const diskFull = /No space left on device|Disk quota exceeded/

/** Runs a decoder and returns its output. A failure that the input causes is Unreadable; others may be retried. */
export async function runProgram(program: string, args: string[], signal: AbortSignal): Promise<string> {
  try {
    const { stdout } = await run(program, args, { signal, killSignal: 'SIGKILL', maxBuffer: outputMax })
    return stdout
  } catch (error) {
    signal.throwIfAborted()
    const { code, signal: endedBy, stderr = '' } = error as ExecError
    const isFinal = typeof code === 'number' || code === tooMuchOutput || crashes.has(endedBy)
    if (!isFinal || diskFull.test(stderr)) throw error
    const reason = endedBy ?? (typeof code === 'number' ? `exit code ${code}` : 'too much output')
    throw new Unreadable(`ffmpeg cannot decode the upload (${reason}): ${plain(stderr)}`)
  }
}

/** The beginning of a log without control characters, of which PostgreSQL does not store NUL. */
const plain = (log: string) =>
  shorten(
    log
      .slice(0, 1_000)
      .replace(/\p{Cc}+/gu, ' ')
      .trim(),
    300,
  )

interface ExecError {
  code?: number | string | null
  signal?: string | null
  stderr?: string
}
