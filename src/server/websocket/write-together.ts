import type { Writable } from 'node:stream'

/**
 * Collects what is written to a stream until all promises that are ready have run, for one system call: a result is followed
 * by `complete`, and a batch of sends is answered with the results of many operations.
 */
export function writeTogether(stream: Writable): void {
  if (stream.writableCorked > 0) return
  stream.cork()
  process.nextTick(uncork, stream)
}

const uncork = (stream: Writable) => stream.uncork()
