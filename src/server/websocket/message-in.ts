/** A message of the protocol; text that is none stays text, which the library refuses. */
export function messageIn(text: string): unknown {
  try {
    const message: unknown = JSON.parse(text)
    return typeof message === 'string' ? text : message
  } catch {
    return text
  }
}
