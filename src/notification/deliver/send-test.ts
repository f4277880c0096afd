import { limitViewer } from '../../auth/limit-viewer.ts'
import { type Context, requireViewer } from '../../context.ts'
import { totalUnread } from '../../conversation/unread.ts'
import { notFound } from '../../errors.ts'
import { newId } from '../../platform/ids.ts'
import { deleteGoneDevice } from '../device/delete-gone.ts'
import { findDevice, type PushDeviceRow } from '../device/store.ts'
import type { PushNotification, SendResult } from '../provider/provider.ts'
import { type AttemptView, attemptColumns } from './attempts.ts'
import { sendNotification } from './send.ts'

/** Sends a test notification to one of the viewer's devices at once and returns the outcome. */
export async function testPush(ctx: Context, deviceId: string): Promise<AttemptView> {
  const { userId } = requireViewer(ctx)
  // Limited because it ignores the settings, and a gateway may have to pay for it.
  await limitViewer(ctx, { name: 'test-pushes', points: ctx.config.limits.testPushesPerHour, seconds: 3_600 })
  const device = await findDevice(ctx.sql, userId, deviceId)
  if (!device?.token) throw notFound('push device')

  const { templates } = ctx.push
  const notification: PushNotification = {
    id: newId(),
    title: templates.fill(device.locale, 'testTitle'),
    body: templates.fill(device.locale, 'testBody'),
    badge: await totalUnread(ctx, userId),
    tag: 'test',
    silent: false,
    conversationId: null,
    messageId: null,
    seq: null,
  }
  const result = await sendNotification(ctx.push, device.provider, notification, device.token)
  if (result.outcome === 'GONE') await deleteGoneDevice(ctx, deviceId)
  return recordTest(ctx, device, result)
}

async function recordTest(ctx: Context, device: PushDeviceRow, result: SendResult): Promise<AttemptView> {
  // Not retried: the viewer waits for the result.
  const status = result.outcome === 'RETRY' ? 'FAILED' : result.outcome
  const [attempt] = await ctx.sql.query<AttemptView>(
    `insert into push_attempt as a (id, device_id, user_id, provider, purpose, status, provider_status, tries)
     values ($1, $2, $3, $4::push_provider, 'TEST', $5::push_status, $6, 1) returning ${attemptColumns}`,
    [newId(), device.id, device.userId, device.provider, status, result.providerStatus],
  )
  return attempt as AttemptView
}
