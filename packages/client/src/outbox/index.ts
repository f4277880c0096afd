export type { Item, ItemState, Pending, Upload } from './item.ts'
export { createOutbox, type Outbox, type OutboxOptions, type Sending } from './outbox.ts'
export type { SendBytes, UploadRequest } from './upload.ts'
