export { type ErrorCode, type Issue, isParlanceError, type ParlanceError } from './errors.ts'
export type { Signal } from './signal.ts'
