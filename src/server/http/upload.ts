import type { IncomingHttpHeaders } from 'node:http'
import busboy from 'busboy'
import type { Services } from '../../context.ts'
import { invalidInput, type Refusal } from '../../errors.ts'
import { receiveUpload } from '../../media/upload/receive.ts'
import { Deadline } from '../../platform/time/deadline.ts'
import { badRequest, HttpRefusal } from '../request/refusal.ts'
import { bodyOf, type Exchange } from './exchange.ts'
import { asHttpRefusal } from './media.ts'

const stallMs = 30_000

/** Receives the bytes of an upload: a PUT of the bytes, or a form with a file. */
export async function serveUpload(services: Services, exchange: Exchange): Promise<void> {
  const { request, response } = exchange
  // A client that stops sending is disconnected; a slow one is not.
  request.setTimeout(stallMs, () => request.socket.destroy())
  const receive = { PUT: receivePut, POST: receiveForm }[request.method ?? '']
  if (!receive)
    throw new HttpRefusal(405, 'INVALID_INPUT', 'Send uploads by PUT or POST.', { allow: 'PUT, POST' })
  await receive(services, exchange).catch(asHttpRefusal)
  response.writeHead(204).end()
}

const mediaIdOf = ({ url }: Exchange) => url.pathname.split('/')[2] ?? ''

const essence = (contentType = '') => (contentType.split(';', 1)[0] ?? '').trim().toLowerCase()

async function receivePut(services: Services, exchange: Exchange): Promise<void> {
  const { headers } = exchange.request
  const query = exchange.url.searchParams
  if (headers['content-range'] !== undefined) throw badRequest('Send the upload in one request.')
  if (headers['content-encoding'] !== undefined) throw badRequest('Send the upload without Content-Encoding.')
  const length = headers['content-length']
  await receiveUpload(services, {
    mediaId: mediaIdOf(exchange),
    authorization: { expires: query.get('expires') ?? '', signature: query.get('signature') ?? '' },
    mimeType: essence(headers['content-type']),
    byteSize: length === undefined ? null : Number(length),
    deadline: new Deadline(services.config.limits.requestDeadlineMs),
    bytes: () => bodyOf(exchange),
  })
}

const formLimits = { files: 1, fields: 20, fieldNameSize: 100, fieldSize: 4_096, parts: 21 }

/** The fields of the ticket precede the file, so that nothing is written for a client without a ticket. */
async function receiveForm(services: Services, exchange: Exchange): Promise<void> {
  const { headers, socket } = exchange.request
  if (essence(headers['content-type']) !== 'multipart/form-data')
    throw new HttpRefusal(415, 'INVALID_INPUT', 'Send the form as multipart/form-data.')
  const mediaId = mediaIdOf(exchange)
  const authorization: Record<string, string> = {}
  const deliveries: Promise<void>[] = []
  const form = openForm(headers)
  const body = bodyOf(exchange)
  // The ticket must arrive in the time that any other request has.
  const ticketTimer = setTimeout(() => socket.destroy(), services.config.limits.requestReceiveMs)
  const done = new Promise<void>((resolve, reject) => {
    form.on('field', (name, value) => {
      authorization[name] = value
    })
    form.on('file', (_name, file) => {
      clearTimeout(ticketTimer)
      // The file stream emits an error when the form breaks off, also after the upload was refused.
      file.on('error', () => reject(broken()))
      const bytes = () => file
      const delivery = receiveUpload(services, {
        mediaId,
        authorization,
        mimeType: null,
        byteSize: null,
        deadline: new Deadline(services.config.limits.requestDeadlineMs),
        bytes,
      })
      deliveries.push(delivery)
      delivery.catch((error: Error) => {
        file.resume()
        reject(error)
      })
    })
    form.on('error', () => reject(broken()))
    form.on('close', resolve)
    body.on('error', () => reject(broken()))
  })
  body.pipe(form)
  try {
    await done
    if (deliveries.length === 0) throw invalidInput({ path: 'file', message: 'is missing' })
    await Promise.all(deliveries)
  } finally {
    clearTimeout(ticketTimer)
    body.destroy()
    form.destroy()
  }
}

const broken = (): Refusal => invalidInput({ path: 'file', message: 'the form is malformed or incomplete' })

function openForm(headers: IncomingHttpHeaders): busboy.Busboy {
  try {
    return busboy({ headers, limits: formLimits })
  } catch {
    throw badRequest('The form is malformed.')
  }
}
