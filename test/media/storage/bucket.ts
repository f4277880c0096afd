import { once } from 'node:events'
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'
import { bodyOf } from '../../setup/http/body.ts'
import { isSigned } from './signature-check.ts'

const name = 'parlance'

/** With `virtual-host` a storage finds the bucket in the name of the host alone, as Alibaba Cloud OSS does. */
type Addressing = 'path' | 'virtual-host'

/** Resolved by the test that uses it: many machines do not know names under localhost. */
const host = 'storage.localhost'

/** An S3-compatible storage for one test file that checks signatures. Stopping it keeps its objects. */
export async function openBucket(addressing: Addressing = 'path') {
  const directory = await mkdtemp(join(tmpdir(), 'parlance-bucket-'))
  const storage = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name, configs: [] }],
  })
  const { port: storagePort } = await storage.run()
  // It removes a folder with the last object in it, also while another object is written there, and crashes.
  const inTurn = oneAtATime()
  let port = 0
  let gate: Server | null = null

  async function start() {
    gate = createServer(
      (request, response) => void pass(request, response, { port: storagePort, inTurn, addressing }),
    )
    gate.listen(port, '127.0.0.1')
    await once(gate, 'listening')
    port = (gate.address() as AddressInfo).port
  }

  async function stop() {
    const closing = gate
    gate = null
    closing?.closeAllConnections()
    if (closing) await new Promise((resolve) => closing.close(resolve))
  }

  await start()
  return {
    settings: {
      S3_URL: `http://${addressing === 'path' ? '127.0.0.1' : host}:${port}`,
      S3_ADDRESSING: addressing,
      S3_BUCKET: name,
      S3_ACCESS_KEY_ID: 'S3RVER',
      S3_SECRET_ACCESS_KEY: 'S3RVER',
    },
    start,
    stop,
    /** Objects of a media item. */
    async keys(mediaId: string) {
      const files = await readdir(join(directory, name, 'media', mediaId)).catch(() => [])
      return files.filter((file) => file.endsWith('._S3rver_object'))
    },
    /** Makes an uploaded object longer than the signature allows. */
    lengthen: (mediaId: string) =>
      appendFile(join(directory, name, 'incoming', `${mediaId}._S3rver_object`), '!'),
    async close() {
      await stop()
      await storage.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  storage: { port: number; inTurn: InTurn; addressing: Addressing },
): Promise<void> {
  const body = await bodyOf(request)
  if (!body) return
  if (!(await isSigned(request, body).catch(() => false))) return void response.writeHead(403).end()
  if (storage.addressing === 'virtual-host') {
    if (!request.headers.host?.startsWith(`${name}.${host}:`)) return void response.writeHead(403).end()
    request.url = `/${name}${request.url === '/' ? '' : request.url}`
    request.headers.host = '127.0.0.1'
  }
  const hands = () => handOn(request, response, storage.port, body)
  await (request.method === 'GET' || request.method === 'HEAD' ? hands() : storage.inTurn(hands))
}

function handOn(
  { method, url: path, headers }: IncomingMessage,
  response: ServerResponse,
  port: number,
  body: Buffer,
): Promise<void> {
  return new Promise((resolve) => {
    const onward = forward({ port, host: '127.0.0.1', method, path, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    onward.on('close', resolve)
    onward.end(body)
  })
}

type InTurn = (work: () => Promise<void>) => Promise<void>

function oneAtATime(): InTurn {
  let last = Promise.resolve()
  return (work) => (last = last.then(work))
}
