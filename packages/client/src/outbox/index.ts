export type { Item, ItemState, Pending, Upload } from './item.ts'
export { createOutbox, type Outbox, type OutboxOptions } from './outbox.ts'
export { createSender, type OutboxPort, type Sender, type Sending } from './sender.ts'
export type { SendBytes, UploadRequest } from './upload.ts'
