import type { Readable } from 'node:stream'
import type { Services } from '../../context.ts'
import { invalidInput, notFound, refuse } from '../../errors.ts'
import { type MediaRow, mediaColumns } from '../store.ts'

/** Bytes that a client brings, and by which right. */
export interface IncomingUpload {
  mediaId: string
  authorization: { expires?: string; signature?: string }
  /** null in a form, which does not say. */
  mimeType: string | null
  /** null when the client did not say beforehand. */
  byteSize: number | null
  /** Called once the upload is allowed. */
  bytes: () => Readable
}

type Receiver = Pick<Services, 'sql' | 'media'>

/** Takes the bytes of an upload to the disk. Until it is completed they may be brought again. */
export async function receiveUpload({ sql, media }: Receiver, incoming: IncomingUpload): Promise<void> {
  const { mediaId, authorization, bytes } = incoming
  const { receive } = media.storage
  if (!receive) throw notFound('upload')
  if (!media.links.allowsUpload(mediaId, authorization))
    throw refuse('FORBIDDEN', 'This ticket was not made here, or it has expired.')
  const [upload] = await sql.query<MediaRow>(`select ${mediaColumns} from media d where d.id = $1`, [mediaId])
  if (!upload) throw notFound('upload')
  if (upload.status !== 'UPLOADING') throw refuse('CONFLICT', 'This upload has been completed.')

  const { mimeType, byteSize } = upload
  if (incoming.mimeType !== null && incoming.mimeType !== mimeType)
    throw invalidInput({ path: 'mimeType', message: `the upload was to be sent as ${mimeType}` })
  if (incoming.byteSize !== null && incoming.byteSize !== byteSize)
    throw invalidInput({ path: 'byteSize', message: `the upload was to have ${byteSize} bytes` })
  await receive(mediaId, bytes(), byteSize)
}
