import type { Writable } from 'node:stream'

let collecting: Writable[] = []

/**
 * Collects what is written to a stream until all promises that are ready have run, for one system call: a result is followed
 * by `complete`, a batch of sends is answered with the results of many operations, and signals come together.
 */
export function writeTogether(stream: Writable): void {
  if (stream.writableCorked > 0) return
  stream.cork()
  if (collecting.push(stream) === 1) process.nextTick(writeCollected)
}

function writeCollected(): void {
  const streams = collecting
  collecting = []
  for (const stream of streams) stream.uncork()
}
