export { createPages, type Pages } from './pages.ts'
export { type Sync, type SyncOptions, startSync } from './sync.ts'
