/** Distinct, and no secret. `crypto.randomUUID` is missing on pages without TLS and in mini-programs. */
export const randomId = (): string =>
  Array.from({ length: 3 }, () => Math.random().toString(36).slice(2)).join('')
