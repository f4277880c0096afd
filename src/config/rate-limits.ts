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
      'Proxies whose X-Forwarded-For is trusted: the number of proxies in front of the server, or their addresses and networks, separated by commas. If unset, only a proxy on this machine is trusted, and limits per address apply to any other proxy.',
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
    'Share of a user’s limit that one device may use, in percent; for sends, friend requests, invites and uploads.',
  ),
  addressFactor: count(
    20,
    [1, 10_000],
    'Multiple of a user’s limit that one address may use; loopback addresses are exempt.',
  ),
  sendsPerSecond: count(20, [1, most], 'Messages and edits per user and second, sustained.'),
  sendBurst: count(60, [1, most], 'Messages and edits per user in a burst after a pause.'),
  sameTextConversations: count(
    20,
    [1, most],
    'Conversations to which a user may send the same text in ten minutes before it is slowed down and reported.',
  ),
  sameTextPauseSeconds: count(
    10,
    [1, 3600],
    'Pause before the next such message, in seconds; it doubles each time.',
  ),
  logins: count(10, [1, most], 'Failed sign-ins per account and address in five minutes.'),
  loginsPerAccount: count(
    100,
    [1, most],
    'Failed sign-ins per account from all addresses in five minutes; known devices are counted separately.',
  ),
  loginsPerDevice: count(30, [1, most], 'Failed sign-ins per device id, over all accounts, in five minutes.'),
  loginsPerAddress: count(200, [1, most], 'Failed sign-ins per address in five minutes.'),
  registrationsPerHour: count(30, [1, most], 'Registrations per address and hour.'),
  registrationsPerHourPerDevice: count(10, [1, most], 'Registrations per device id and hour.'),
  friendRequestsPerHour: count(120, [1, most], 'Friend requests per user and hour.'),
  strangersPerDay: count(
    200,
    [1, most],
    'Non-friends that a user may open a direct conversation with or add to groups per day.',
  ),
  additionsPerStranger: count(3, [1, most], 'Groups per day to which a user may add the same non-friend.'),
  newAccountHours: count(24, [0, 8760], 'Age up to which an account counts as new, in hours.'),
  newAccountFriendRequestsPerDay: count(100, [1, most], 'Friend requests of a new account per day.'),
  newAccountStrangersPerDay: count(
    50,
    [1, most],
    'Non-friends that a new account may open a direct conversation with or add to groups per day.',
  ),
  refusalsPerMinute: count(
    300,
    [1, most],
    'Refused mutations per user and minute; above it, every mutation of the user is rate-limited.',
  ),
  invitesPerHour: count(60, [1, most], 'Group invites created per user and hour.'),
  joinRequestsPerHour: count(30, [1, most], 'Groups joined or requested to join per user and hour.'),
  reportsPerHour: count(60, [1, most], 'Messages reported per user and hour.'),
  testPushesPerHour: count(60, [1, most], 'Test notifications per user and hour.'),
  uploadsPerMinute: count(60, [1, most], 'Uploads started per user and minute.'),
}
