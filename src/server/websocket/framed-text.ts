import type { Writable } from 'node:stream'
import type { Peer } from './peer.ts'

// A whole, unmasked text message with its header (RFC 6455, 5.2).

const finalText = 0x81
const in16Bits = 126
const in64Bits = 127
const asText = { binary: false }

/** A text message in one buffer with its header, so that it is one write: the library would write the two parts. */
export class FramedText {
  readonly bytes: Buffer
  /** Where the text begins. */
  readonly start: number

  constructor(textBytes: number, hasHeader = true) {
    this.start = hasHeader ? headerBytes(textBytes) : 0
    this.bytes = Buffer.allocUnsafe(this.start + textBytes)
    if (hasHeader) writeHeader(this.bytes, textBytes)
  }

  /** A socket with compression takes the text alone: the library may still be compressing an earlier message. */
  writeTo(ws: Peer, stream: Writable, done?: () => void): void {
    if (ws.extensions === '') stream.write(this.bytes, done)
    else ws.send(this.bytes.subarray(this.start), asText, done)
  }
}

function headerBytes(textBytes: number): number {
  if (textBytes < in16Bits) return 2
  return textBytes < 65_536 ? 4 : 10
}

function writeHeader(target: Buffer, textBytes: number): void {
  target[0] = finalText
  if (textBytes < in16Bits) target[1] = textBytes
  else if (textBytes < 65_536) {
    target[1] = in16Bits
    target.writeUInt16BE(textBytes, 2)
  } else {
    target[1] = in64Bits
    target.writeUInt16BE(0, 2)
    target.writeUIntBE(textBytes, 4, 6)
  }
}
