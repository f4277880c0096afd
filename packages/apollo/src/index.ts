export { createParlanceLink, type Documents, type ParlanceLink } from './create-link.ts'
export { type FoldedData, foldInto } from './fold-into.ts'
export { parlanceCache } from './type-policies.ts'
