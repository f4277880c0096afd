export { createParlanceExchanges, type Documents, type ParlanceExchanges } from './create-exchanges.ts'
export { type FoldedData, foldInto } from './fold-into.ts'
export { parlanceGraphcache } from './options.ts'
