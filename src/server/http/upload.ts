import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import busboy from 'busboy'
import type { Services } from '../../context.ts'
import { invalidInput, type Refusal } from '../../errors.ts'
import { receiveUpload } from '../../media/upload/receive.ts'
import { badRequest, HttpRefusal } from '../request/refusal.ts'
import { asHttpRefusal } from './media.ts'

const stallMs = 30_000

/** Takes the bytes of an upload: a PUT of the bytes alone, or a form with a file. */
export async function serveUpload(
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const mediaId = url.pathname.split('/')[2] ?? ''
  // A client that falls silent in the middle is let go; one that is slow is not.
  request.setTimeout(stallMs, () => request.destroy())
  const receive = { PUT: receivePut, POST: receiveForm }[request.method ?? '']
  if (!receive)
    throw new HttpRefusal(405, 'INVALID_INPUT', 'An upload is a PUT or a POST.', { allow: 'PUT, POST' })
  await receive(services, request, mediaId, url.searchParams).catch(asHttpRefusal)
  response.writeHead(204).end()
}

const essence = (contentType = '') => (contentType.split(';', 1)[0] ?? '').trim().toLowerCase()

async function receivePut(
  services: Services,
  request: IncomingMessage,
  mediaId: string,
  query: URLSearchParams,
) {
  const { headers } = request
  if (headers['content-range'] !== undefined) throw badRequest('An upload is sent whole.')
  if (headers['content-encoding'] !== undefined)
    throw badRequest('An upload is sent without content-encoding.')
  const length = headers['content-length']
  await receiveUpload(services, {
    mediaId,
    proof: { expires: query.get('expires') ?? '', signature: query.get('signature') ?? '' },
    mimeType: essence(headers['content-type']),
    byteSize: length === undefined ? null : Number(length),
    // A refusal in the middle must leave the connection able to carry the answer.
    bytes: Readable.from(request.iterator({ destroyOnReturn: false })),
  })
}

const formLimits = { files: 1, fields: 20, fieldNameSize: 100, fieldSize: 4_096, parts: 21 }

/** The fields of the ticket come before the file, so that nothing is written for somebody who has none. */
async function receiveForm(services: Services, request: IncomingMessage, mediaId: string): Promise<void> {
  if (essence(request.headers['content-type']) !== 'multipart/form-data')
    throw new HttpRefusal(415, 'INVALID_INPUT', 'A form is multipart/form-data.')
  const proof: Record<string, string> = {}
  const deliveries: Promise<void>[] = []
  const form = openForm(request)
  const done = new Promise<void>((resolve, reject) => {
    form.on('field', (name, value) => {
      proof[name] = value
    })
    form.on('file', (_name, bytes) => {
      // The file ends with an error when the form breaks off, also when the upload has been refused before.
      bytes.on('error', () => reject(broken()))
      const delivery = receiveUpload(services, { mediaId, proof, mimeType: null, byteSize: null, bytes })
      deliveries.push(delivery)
      delivery.catch((error: Error) => {
        bytes.resume()
        reject(error)
      })
    })
    form.on('error', () => reject(broken()))
    form.on('close', resolve)
    request.on('aborted', () => reject(broken()))
  })
  request.pipe(form)
  try {
    await done
    if (deliveries.length === 0) throw invalidInput({ path: 'file', message: 'is missing' })
    await Promise.all(deliveries)
  } catch (error) {
    request.unpipe(form)
    form.destroy()
    throw error
  }
}

const broken = (): Refusal => invalidInput({ path: 'file', message: 'the form is broken' })

function openForm(request: IncomingMessage): busboy.Busboy {
  try {
    return busboy({ headers: request.headers, limits: formLimits })
  } catch {
    throw badRequest('The form cannot be read.')
  }
}
