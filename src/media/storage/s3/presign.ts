import { createHmac } from 'node:crypto'
import { AwsClient } from 'aws4fetch'
import type { S3Config } from '../../../config/media.ts'
import type { Destination, Upload } from '../storage.ts'
import { urlOf } from './client.ts'

const secondsUntil = (date: Date) => Math.max(1, Math.floor((date.getTime() - Date.now()) / 1000))

/** A presigned PUT of exactly this type and length. */
export async function presignPut(config: S3Config, place: string, upload: Upload): Promise<Destination> {
  const { accessKeyId, secretAccessKey, region, publicUrl } = config
  const aws = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3' })
  const target = new URL(urlOf(publicUrl, place))
  target.searchParams.set('X-Amz-Expires', String(secondsUntil(upload.expiresAt)))
  const headers = { 'Content-Type': upload.mimeType, 'Content-Length': String(upload.byteSize) }
  const { url } = await aws.sign(target, {
    method: 'PUT',
    headers,
    aws: { signQuery: true, allHeaders: true },
  })
  return { method: 'PUT', url, headers: { 'Content-Type': upload.mimeType }, fields: {} }
}

/** A presigned form with a policy of exactly this type and length, as browsers and mini-programs post it. */
export async function presignForm(config: S3Config, place: string, upload: Upload): Promise<Destination> {
  const { accessKeyId, secretAccessKey, region, bucket, publicUrl } = config
  const at = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const day = at.slice(0, 8)
  const fields = {
    key: place,
    'Content-Type': upload.mimeType,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${day}/${region}/s3/aws4_request`,
    'X-Amz-Date': at,
  }
  const conditions = [
    { bucket },
    ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
    ['content-length-range', upload.byteSize, upload.byteSize],
  ]
  const expiration = upload.expiresAt.toISOString()
  const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64')
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  const signature = hmac(key, policy).toString('hex')
  return {
    method: 'POST',
    url: publicUrl,
    headers: {},
    fields: { ...fields, Policy: policy, 'X-Amz-Signature': signature },
  }
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
