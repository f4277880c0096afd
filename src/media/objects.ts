import { type Context, requireViewer } from '../context.ts'
import { builder } from '../platform/graphql/builder.ts'
import type { Link, RenditionName } from './links.ts'
import { MediaType } from './refs.ts'
import type { MediaRow, StoredVariant } from './store.ts'

export const MediaKindEnum = builder.enumType('MediaKind', {
  description: 'Kind of a media item, by its content.',
  values: {
    IMAGE: { description: 'An image, still or animated: JPEG, PNG, GIF, WebP or AVIF.' },
    VIDEO: { description: 'A video.' },
    AUDIO: { description: 'Audio without video.' },
    FILE: { description: 'Anything else, and what cannot be rendered. It is downloaded and never shown.' },
  } as const,
})

const MediaStatusEnum = builder.enumType('MediaStatus', {
  description: 'Progress of a media item.',
  values: {
    UPLOADING: { description: 'Waiting for the bytes and for completeUpload.' },
    PROCESSING: { description: 'Renditions are being made. The media can be sent already.' },
    READY: { description: 'The bytes can be read.' },
    FAILED: { description: 'The upload does not have the announced number of bytes. Final.' },
  } as const,
})

/** A link for the viewer, once there is something to read. */
function linkTo(ctx: Context, media: MediaRow, rendition: RenditionName): Link | null {
  if (media.status !== 'READY') return null
  return ctx.media.links.download(ctx.origin, requireViewer(ctx), media.id, rendition)
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
      description: 'Where it is; as Media.url.',
      resolve: ({ media, variant }, _args, ctx) => linkTo(ctx, media, variant.name)?.url ?? null,
    }),
    mimeType: t.string({
      shareable: true,
      description: 'Its type, such as video/mp4.',
      resolve: ({ variant }) => variant.mimeType,
    }),
    width: t.int({
      nullable: true,
      shareable: true,
      description: 'In pixels; null for sound.',
      resolve: ({ variant }) => variant.width,
    }),
    height: t.int({
      nullable: true,
      shareable: true,
      description: 'In pixels; null for sound.',
      resolve: ({ variant }) => variant.height,
    }),
    byteSize: t.int({
      shareable: true,
      description: 'How large it is.',
      resolve: ({ variant }) => variant.byteSize,
    }),
  }),
})

MediaType.implement({
  description:
    'Something that was uploaded. Whoever uploaded it may see it, and whoever may read a message that holds it.',
  fields: (t) => ({
    id: t.exposeID('id', { shareable: true, description: 'Never changes.' }),
    kind: t.expose('kind', {
      type: MediaKindEnum,
      shareable: true,
      description:
        'By the declared type while UPLOADING, by the content afterwards. Becomes FILE when an image, video or audio cannot be rendered; show it as a file then, also in a message that was sent as another kind.',
    }),
    status: t.expose('status', {
      type: MediaStatusEnum,
      shareable: true,
      description: 'Progress; MediaChanged announces READY and FAILED.',
    }),
    filename: t.exposeString('filename', {
      shareable: true,
      description: 'What it is called when it is saved: one name without a folder, for people to read.',
    }),
    mimeType: t.exposeString('mimeType', {
      shareable: true,
      description:
        'Its type, such as image/png: as declared while it is UPLOADING, by its content afterwards.',
    }),
    byteSize: t.exposeInt('byteSize', {
      shareable: true,
      description:
        'How many bytes `url` leads to. It becomes another number when an image is READY, and with ffmpeg a film or sound: they are written anew, without what they told about where and by whom they were taken.',
    }),
    width: t.exposeInt('width', {
      nullable: true,
      shareable: true,
      description: 'In pixels, as it is to be shown; null when it has none or it is not known.',
    }),
    height: t.exposeInt('height', {
      nullable: true,
      shareable: true,
      description: 'In pixels, as it is to be shown; null when it has none or it is not known.',
    }),
    durationMs: t.exposeInt('durationMs', {
      nullable: true,
      shareable: true,
      description: 'How long it plays, in milliseconds; null when it does not or it is not known.',
    }),
    blurhash: t.exposeString('blurhash', {
      nullable: true,
      shareable: true,
      description: 'A few characters to draw a blurred picture from while it loads; null without a picture.',
    }),
    url: t.field({
      type: 'URL',
      nullable: true,
      description:
        'Where it is, for me alone and until urlExpiresAt; null until it is READY. It answers range requests. It stops at once when I may no longer read it.',
      resolve: (media, _args, ctx) => linkTo(ctx, media, 'original')?.url ?? null,
    }),
    urlExpiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when its addresses are good; ask again for others. null until it is READY.',
      resolve: (media, _args, ctx) => linkTo(ctx, media, 'original')?.expiresAt ?? null,
    }),
    thumbnailUrl: t.field({
      type: 'URL',
      nullable: true,
      description:
        'A small still picture of it, in WebP, at most 400 pixels each way; null when there is none.',
      resolve: (media, _args, ctx) =>
        media.variants.some(({ name }) => name === 'thumbnail')
          ? (linkTo(ctx, media, 'thumbnail')?.url ?? null)
          : null,
    }),
    variants: t.field({
      type: [MediaVariantType],
      shareable: true,
      description: 'Other renditions of a video, once transcoded; empty where the server cannot.',
      resolve: (media) =>
        media.variants.filter(({ name }) => name !== 'thumbnail').map((variant) => ({ media, variant })),
    }),
  }),
})
