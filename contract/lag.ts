import { now, type Recorder } from './history.ts'

const everyMs = 100
const noticedMs = 100

/** Records how long the machine kept this process waiting. Returns how to stop. */
export function watchLag(recorder: Recorder): () => void {
  let expected = now() + everyMs
  const timer = setInterval(() => {
    const ms = now() - expected
    if (ms > noticedMs) recorder.write({ ph: 'lag', ms: Math.round(ms) })
    expected = now() + everyMs
  }, everyMs)
  return () => clearInterval(timer)
}
