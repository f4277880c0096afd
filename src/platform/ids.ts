import { ulid } from 'ulid'

/** A new id: 26 characters, sorted by the millisecond it was made in, otherwise random. */
export const newId = (): string => ulid()
