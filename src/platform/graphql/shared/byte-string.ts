/**
 * A text whose characters are the bytes of its UTF-8 form. Parts of it are joined without a copy, and Node writes it to a
 * socket as `latin1` without a buffer: a buffer for each reader of an event costs more than the rest of the event.
 */
export type ByteString = string

export const byteString = (text: string): ByteString => Buffer.from(text).toString('latin1')
