import { asks } from '../../contact/verbs.ts'
import { announces, asksToJoin, invites } from '../../group/verbs.ts'
import { png } from '../../media/samples.ts'
import { createsUpload, sendsBytes, uploadsReady } from '../../media/verbs.ts'
import { reacts } from '../../message/verbs.ts'
import { reportOf, reportsMessage, restores, suspends } from '../../moderation/verbs.ts'
import { registersDevice, sendsTestPush } from '../../notification/verbs.ts'
import { indexed } from '../../search/verbs.ts'
import type { World } from '../../world/world.ts'
import { type Cast, clubOf } from './cast.ts'

export type Scene = Awaited<ReturnType<typeof sceneOf>>

/** A word that only vera's message contains. */
export const rareWord = 'zanzibar'

/** What vera has: messages, a picture, a request, a report, devices. */
export async function sceneOf(world: World, cast: Cast) {
  const { vera, alice, bob, molly } = cast
  const groupId = await clubOf(cast)
  const [friend, suitor, suspect] = await world.people('fiona', 'sam', 'sid')
  const directId = await vera.befriends(friend)
  const message = await vera.edits(await vera.sends(groupId, 'a first draft'), `about ${rareWord}`)
  await reacts(vera, message, '👍')
  const { id: mediaId } = await uploadsReady(vera, { bytes: await png(), mimeType: 'image/png' })
  const picture = await vera.sendsContent(groupId, { image: { mediaId } })
  const upload = await createsUpload(vera, { filename: 'a.txt', mimeType: 'text/plain', byteSize: 5 })
  await sendsBytes(upload, Buffer.from('hello'))
  const friendRequest = await asks(suitor, vera)
  await announces(alice, groupId, 'No smoking.')
  const { inviteCode } = await invites(alice, groupId)
  const joinRequest = await asksToJoin(suitor, groupId)
  await reportsMessage(bob, message, 'SPAM')
  await suspends(molly, suspect)
  await restores(molly, suspect)
  const device = await registersDevice(vera, 'FCM', 'v'.repeat(140))
  const phone = await vera.onAnotherDevice('phone')
  await indexed(world.databaseUrl)
  return {
    world,
    cast,
    groupId,
    directId,
    friend,
    suspect,
    message,
    picture,
    mediaId,
    uploadId: upload.media.id,
    friendRequestId: friendRequest.id,
    joinRequestId: joinRequest.id,
    inviteCode,
    reportId: (await reportOf(molly, message)).id,
    deviceId: device.id,
    attemptId: (await sendsTestPush(vera, device.id)).id,
    sessionId: phone.credentials.sessionId,
  }
}
