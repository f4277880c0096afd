/** Where a command writes: results to standard output, progress to standard error. */
export interface Output {
  /** Prints the result: as JSON with `--json`, otherwise as text. */
  result(value: object, text: string): void
  /** Shows how far the command is. */
  progress(text: string): void
}

const progressMs = 2_000

export function createOutput(asJson: boolean): Output & { close(): void } {
  const { stdout, stderr } = process
  let shownAt = Number.NEGATIVE_INFINITY
  let latest: string | null = null
  let isLineOpen = false

  const show = (text: string) => {
    if (stderr.isTTY) stderr.write(`\r\u001b[K${text}`)
    else stderr.write(`${text}\n`)
    isLineOpen = stderr.isTTY
    shownAt = performance.now()
    latest = null
  }
  const close = () => {
    if (latest !== null) show(latest)
    if (isLineOpen) stderr.write('\n')
    isLineOpen = false
  }

  return {
    result(value, text) {
      close()
      stdout.write(`${asJson ? JSON.stringify(value) : text}\n`)
    },
    progress(text) {
      if (stderr.isTTY || performance.now() - shownAt >= progressMs) show(text)
      else latest = text
    },
    close,
  }
}

const width = 30

/** A bar with a share and its figures: `[####....] 50 %, 5 of 10 messages`. */
export function bar(done: number, all: number, unit: string): string {
  const part = all === 0 ? 1 : Math.min(1, done / all)
  const filled = '#'.repeat(Math.round(part * width)).padEnd(width, '.')
  return `[${filled}] ${Math.floor(part * 100)} %, ${done.toLocaleString('en')} of ${all.toLocaleString('en')} ${unit}`
}
