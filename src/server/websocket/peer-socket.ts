import type { Writable } from 'node:stream'
import { WebSocket } from 'ws'
import type { ByteString } from '../../platform/graphql/shared/byte-string.ts'
import type { Operations } from './operations.ts'
import type { Peer } from './peer.ts'
import { writeTogether } from './write-together.ts'

// A whole, unmasked text message (RFC 6455, 5.2).
const finalText = 0x81
const in16Bits = 126
const in64Bits = 127
const asText = { binary: false }

/** A WebSocket of the library. It finds its operations, so that all sockets share their listeners. */
export class PeerSocket extends WebSocket implements Peer {
  operations?: Operations
  #stream: Writable | null = null
  #compresses = false

  /** The connection, once it is open. */
  connected(stream: Writable): void {
    this.#stream = stream
    this.#compresses = this.extensions !== ''
  }

  /**
   * Writes the message in one piece with its header, which the library writes apart. With compression it passes through
   * the library, which may still be compressing an earlier one.
   */
  sendBytes(text: ByteString, done?: () => void): void {
    const stream = this.#stream
    if (stream) writeTogether(stream)
    if (stream && !this.#compresses) stream.write(headerOf(text.length) + text, 'latin1', done)
    else this.send(Buffer.from(text, 'latin1'), asText, done)
  }
}

function headerOf(bytes: number): ByteString {
  if (bytes < in16Bits) return String.fromCharCode(finalText, bytes)
  if (bytes < 65_536) return String.fromCharCode(finalText, in16Bits, bytes >> 8, bytes & 0xff)
  const header = Buffer.from([finalText, in64Bits, 0, 0, 0, 0, 0, 0, 0, 0])
  header.writeUIntBE(bytes, 4, 6)
  return header.toString('latin1')
}
