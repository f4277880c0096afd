import { type Context, requireViewer } from '../context.ts'
import { builder } from '../platform/graphql/builder.ts'
import { itemsInMessage } from '../platform/graphql/cost/declare.ts'
import { defineRowNode, NodeInterface } from '../platform/graphql/node.ts'
import type { Link, RenditionName } from './links.ts'
import { MediaType } from './refs.ts'
import { type MediaRow, readMedia, type StoredVariant } from './store.ts'

export const MediaKindEnum = builder.enumType('MediaKind', {
  description: 'Kind of a media item, by its content.',
  values: {
    IMAGE: { description: 'An image, still or animated: JPEG, PNG, GIF, WebP or AVIF.' },
    VIDEO: { description: 'A video.' },
    AUDIO: { description: 'Audio without video.' },
    FILE: {
      description: 'Anything else, and media that cannot be rendered. Always downloaded, never shown inline.',
    },
  } as const,
})

const MediaStatusEnum = builder.enumType('MediaStatus', {
  description: 'Progress of a media item.',
  values: {
    UPLOADING: { description: 'Waiting for the upload of the bytes and for completeUpload.' },
    PROCESSING: { description: 'Renditions are being made. The media item can be sent already.' },
    READY: { description: 'Available at `url`.' },
    FAILED: { description: 'The upload has another number of bytes than announced. Final.' },
  } as const,
})

/** A signed URL for the viewer; null until the media item is READY. */
function linkTo(ctx: Context, media: MediaRow, rendition: RenditionName): Link | null {
  if (media.status !== 'READY') return null
  return ctx.media.links.download(ctx.origin, requireViewer(ctx), media.id, rendition)
}

/** The URL of the thumbnail; null when there is none. */
function thumbnailOf(ctx: Context, media: MediaRow): Link | null {
  if (!media.variants.some(({ name }) => name === 'thumbnail')) return null
  const { cdnUrl } = ctx.config.media
  if (cdnUrl === null || media.status !== 'READY') return linkTo(ctx, media, 'thumbnail')
  return ctx.media.links.shared(cdnUrl, media.id)
}

/** When the first of the URLs expires. */
function expiryOf(ctx: Context, media: MediaRow): Date | null {
  const [original, thumbnail] = [linkTo(ctx, media, 'original'), thumbnailOf(ctx, media)]
  if (!original || !thumbnail) return original?.expiresAt ?? null
  return thumbnail.expiresAt < original.expiresAt ? thumbnail.expiresAt : original.expiresAt
}

interface VariantOfMedia {
  media: MediaRow
  variant: StoredVariant
}

const MediaVariantType = builder.objectRef<VariantOfMedia>('MediaVariant').implement({
  description: 'A rendition of a video that plays everywhere: H.264 and AAC in MP4.',
  fields: (t) => ({
    url: t.field({
      type: 'URL',
      nullable: true,
      description: 'Signed URL of the rendition; see Media.url.',
      resolve: ({ media, variant }, _args, ctx) => linkTo(ctx, media, variant.name)?.url ?? null,
    }),
    mimeType: t.string({
      shareable: true,
      description: 'MIME type, such as video/mp4.',
      resolve: ({ variant }) => variant.mimeType,
    }),
    width: t.int({
      nullable: true,
      shareable: true,
      description: 'Width in pixels; null for audio.',
      resolve: ({ variant }) => variant.width,
    }),
    height: t.int({
      nullable: true,
      shareable: true,
      description: 'Height in pixels; null for audio.',
      resolve: ({ variant }) => variant.height,
    }),
    byteSize: t.int({
      shareable: true,
      description: 'Size in bytes.',
      resolve: ({ variant }) => variant.byteSize,
    }),
  }),
})

MediaType.implement({
  description:
    'An uploaded image, video, audio or file. Readable by its uploader and by everyone who may read a message with it.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.exposeID('id', { shareable: true, description: 'Id of the media item; never changes.' }),
    kind: t.expose('kind', {
      type: MediaKindEnum,
      shareable: true,
      description:
        'Kind by the declared type while UPLOADING, by the content afterwards. Becomes FILE when an image, video or audio cannot be rendered; clients then show it as a file, also in a message of another kind.',
    }),
    status: t.expose('status', {
      type: MediaStatusEnum,
      shareable: true,
      description: 'Progress; MediaChanged reports READY and FAILED.',
    }),
    filename: t.exposeString('filename', {
      shareable: true,
      description: 'File name for downloads and display, without folders.',
    }),
    mimeType: t.exposeString('mimeType', {
      shareable: true,
      description: 'MIME type, such as image/png: as declared while UPLOADING, by the content afterwards.',
    }),
    byteSize: t.exposeInt('byteSize', {
      shareable: true,
      description:
        'Size in bytes of the file at `url`. Changes when an image, or with ffmpeg a video or audio, becomes READY: it is encoded again without metadata such as location and author.',
    }),
    width: t.exposeInt('width', {
      nullable: true,
      shareable: true,
      description: 'Displayed width in pixels; null for audio and files, and while unknown.',
    }),
    height: t.exposeInt('height', {
      nullable: true,
      shareable: true,
      description: 'Displayed height in pixels; null for audio and files, and while unknown.',
    }),
    durationMs: t.exposeInt('durationMs', {
      nullable: true,
      shareable: true,
      description: 'Duration in milliseconds; null for images and files, and when unknown.',
    }),
    blurhash: t.exposeString('blurhash', {
      nullable: true,
      shareable: true,
      description: 'BlurHash of the image or poster, a placeholder while it loads; null when there is none.',
    }),
    url: t.field({
      type: 'URL',
      nullable: true,
      description:
        'Signed URL for the viewer, valid until urlExpiresAt; null until READY. Supports range requests. Refused as soon as the viewer may no longer read the media item.',
      resolve: (media, _args, ctx) => linkTo(ctx, media, 'original')?.url ?? null,
    }),
    urlExpiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the URLs of this media item expire; query it again for new ones. null until READY.',
      resolve: (media, _args, ctx) => expiryOf(ctx, media),
    }),
    thumbnailUrl: t.field({
      type: 'URL',
      nullable: true,
      description: 'Signed URL of a still WebP image of at most 400 by 400 pixels; null when there is none.',
      resolve: (media, _args, ctx) => thumbnailOf(ctx, media)?.url ?? null,
    }),
    variants: t.field({
      type: [MediaVariantType],
      items: itemsInMessage,
      shareable: true,
      description: 'Transcoded renditions of a video; empty until READY, and on servers without transcoding.',
      resolve: (media) =>
        media.variants.filter(({ name }) => name !== 'thumbnail').map((variant) => ({ media, variant })),
    }),
  }),
})

defineRowNode('media', { type: MediaType.name, read: readMedia })
