import type { Readable } from 'node:stream'
import type { Services } from '../../context.ts'
import { invalidInput, notFound, refuse } from '../../errors.ts'
import { deadlinePassed } from '../../platform/db/transaction/commit-in-time.ts'
import type { Deadline } from '../../platform/time/deadline.ts'
import { type MediaRow, mediaColumns } from '../store.ts'

/** An upload request with its authorisation. */
export interface IncomingUpload {
  mediaId: string
  authorization: { expires?: string; signature?: string }
  /** null in a form, which has no type of its own. */
  mimeType: string | null
  /** null when the request has no Content-Length. */
  byteSize: number | null
  /** For the authorisation; receiving the bytes may take longer. */
  deadline: Deadline
  /** Opens the body; called once the upload is authorised. */
  bytes: () => Readable
}

type Receiver = Pick<Services, 'sql' | 'media'>

/** Stores the bytes of an upload. Until it is completed they may be sent again. */
export async function receiveUpload({ sql, media }: Receiver, incoming: IncomingUpload): Promise<void> {
  const { mediaId, authorization, deadline, bytes } = incoming
  const { receive } = media.storage
  if (!receive) throw notFound('upload')
  if (!media.links.allowsUpload(mediaId, authorization))
    throw refuse('FORBIDDEN', 'The ticket has expired or its signature is invalid; create a new upload.')
  const found = sql.query<MediaRow>(`select ${mediaColumns} from media d where d.id = $1`, [mediaId])
  const [upload] = await deadline.race(found, () => Promise.reject(deadlinePassed()))
  if (!upload) throw notFound('upload')
  if (upload.status !== 'UPLOADING') throw refuse('CONFLICT', 'The upload was completed already.')

  const { mimeType, byteSize } = upload
  if (incoming.mimeType !== null && incoming.mimeType !== mimeType)
    throw invalidInput({ path: 'mimeType', message: `must be ${mimeType}, as announced` })
  if (incoming.byteSize !== null && incoming.byteSize !== byteSize)
    throw invalidInput({ path: 'byteSize', message: `must be ${byteSize}, as announced` })
  await receive(mediaId, bytes(), byteSize)
}
