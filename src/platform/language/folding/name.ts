import { fold, levelKana } from './fold.ts'

/** Folds a name, or a part of one, for search. */
export const foldName = (name: string): string => levelKana(fold(name)).replace(/\s+/gu, ' ').trim()
