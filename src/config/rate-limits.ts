import ipaddr from 'ipaddr.js'
import { count, list } from './fields.ts'

// To the library a mere number is an address too.
const isNetwork = (text: string) => /[.:]/.test(text) && (ipaddr.isValid(text) || ipaddr.isValidCIDR(text))

/** Who stands between the clients and this server. */
export const proxySettings = {
  TRUST_PROXY: list
    .refine((items) => items.every(isNetwork) || (items.length === 1 && /^\d{1,2}$/.test(items[0] ?? '')), {
      error: 'a number of proxies, or their addresses and networks such as 10.0.0.0/8',
    })
    .describe(
      'Proxies whose X-Forwarded-For is believed: how many stand in a row before the server, or their addresses and networks, separated by commas. None unless set; then limits by address apply to the proxy.',
    ),
}

/** null believes nobody. */
export type TrustedProxies = { hops: number } | { networks: string[] } | null

export function trustedProxies(items: string[]): TrustedProxies {
  if (items.length === 0) return null
  if (items.every(isNetwork)) return { networks: items }
  return { hops: Number(items[0]) }
}

const most = 1_000_000

export const rateLimits = {
  devicePercent: count(
    100,
    [1, 100],
    'What one device may do of what its person may, in percent: sends, friend requests, invites and uploads.',
  ),
  addressFactor: count(
    20,
    [1, 10_000],
    'For how many people one address may do these; this machine itself is not counted.',
  ),
  sendsPerSecond: count(20, [1, most], 'Messages and edits a second of one person, in the long run.'),
  sendBurst: count(60, [1, most], 'Messages and edits of one person that may come at once after a pause.'),
  sameTextConversations: count(
    20,
    [1, most],
    'Conversations that one person may send the same text to within ten minutes before it is slowed down and reported.',
  ),
  sameTextPauseSeconds: count(
    10,
    [1, 3600],
    'How long the next one then has to wait; each after it waits twice as long as the one before.',
  ),
  logins: count(10, [1, most], 'Failed sign-ins to one account from one address in five minutes.'),
  loginsPerAccount: count(
    100,
    [1, most],
    'Failed sign-ins to one account from everywhere in five minutes; devices that have signed in to it before are counted by themselves.',
  ),
  loginsPerDevice: count(
    30,
    [1, most],
    'Failed sign-ins from one device, by the id that it tells, to whatever accounts in five minutes.',
  ),
  loginsPerAddress: count(200, [1, most], 'Failed sign-ins from one address in five minutes.'),
  registrationsPerHour: count(30, [1, most], 'New accounts from one address in an hour.'),
  registrationsPerHourPerDevice: count(
    10,
    [1, most],
    'New accounts from one device, by the id that it tells, in an hour.',
  ),
  friendRequestsPerHour: count(120, [1, most], 'Friend requests of one person in an hour.'),
  strangersPerDay: count(
    200,
    [1, most],
    'People who are no friends that one person may open a direct conversation with in a day.',
  ),
  newAccountHours: count(24, [0, 8760], 'How long an account counts as new.'),
  newAccountFriendRequestsPerDay: count(100, [1, most], 'Friend requests of a new account in a day.'),
  newAccountStrangersPerDay: count(
    50,
    [1, most],
    'People who are no friends that a new account may open a direct conversation with in a day.',
  ),
  refusalsPerMinute: count(
    300,
    [1, most],
    'Mutations of one person in a minute that may be refused because they are not allowed; then every mutation of theirs waits.',
  ),
  invitesPerHour: count(60, [1, most], 'Invites to groups that one person may make in an hour.'),
  joinRequestsPerHour: count(30, [1, most], 'Groups that one person may join or ask to join in an hour.'),
  reportsPerHour: count(60, [1, most], 'Messages that one person may report to the moderators in an hour.'),
  testPushesPerHour: count(60, [1, most], 'Test notices that one person may have sent in an hour.'),
  uploadsPerMinute: count(60, [1, most], 'Uploads that one person may begin in a minute.'),
}
