import { fold, levelKana } from './fold.ts'

/** A name, or a part of one, as names are searched. */
export const foldName = (name: string): string => levelKana(fold(name)).replace(/\s+/gu, ' ').trim()
