import ipaddr from 'ipaddr.js'
import { integer, list } from './fields.ts'

// The library accepts a plain number as an address.
const isNetwork = (text: string) => /[.:]/.test(text) && (ipaddr.isValid(text) || ipaddr.isValidCIDR(text))

/** Proxies between clients and this server. */
export const proxySettings = {
  TRUST_PROXY: list
    .refine((items) => items.every(isNetwork) || (items.length === 1 && /^\d{1,2}$/.test(items[0] ?? '')), {
      error: 'a number of proxies, or their addresses and networks such as 10.0.0.0/8',
    })
    .describe(
      'Proxies whose X-Forwarded-For is trusted: the number of proxies in front of the server, or their addresses and networks, separated by commas. If unset, only a proxy on this machine is trusted, and limits per address apply to any other proxy.',
    ),
}

/** Null trusts none. */
export type TrustedProxies = { hops: number } | { networks: string[] } | null

export function trustedProxies(items: string[]): TrustedProxies {
  if (items.length === 0) return null
  if (items.every(isNetwork)) return { networks: items }
  return { hops: Number(items[0]) }
}

const most = 1_000_000

export const rateLimits = {
  devicePercent: integer(
    100,
    [1, 100],
    'Share of a user’s limit that one device may use, in percent; for sends, friend requests, invites and uploads.',
  ),
  addressFactor: integer(
    20,
    [1, 10_000],
    'Multiple of a user’s limit that one address may use; loopback addresses are exempt.',
  ),
  sendsPerSecond: integer(20, [1, most], 'Messages and edits per user and second, sustained.'),
  sendBurst: integer(60, [1, most], 'Messages and edits per user in a burst after a pause.'),
  sameTextConversations: integer(
    20,
    [1, most],
    'Conversations to which a user may send the same text in ten minutes before it is slowed down and reported.',
  ),
  sameTextPauseSeconds: integer(
    10,
    [1, 3600],
    'Pause before the next such message, in seconds; it doubles each time.',
  ),
  logins: integer(10, [1, most], 'Failed sign-ins per account and address in five minutes.'),
  loginsPerAccount: integer(
    100,
    [1, most],
    'Failed sign-ins per account from all addresses in five minutes; known devices are counted separately.',
  ),
  loginsPerDevice: integer(
    30,
    [1, most],
    'Failed sign-ins per device id, over all accounts, in five minutes.',
  ),
  loginsPerAddress: integer(200, [1, most], 'Failed sign-ins per address in five minutes.'),
  registrationsPerHour: integer(30, [1, most], 'Registrations per address and hour.'),
  registrationsPerHourPerDevice: integer(10, [1, most], 'Registrations per device id and hour.'),
  friendRequestsPerHour: integer(120, [1, most], 'Friend requests per user and hour.'),
  strangersPerDay: integer(
    200,
    [1, most],
    'Non-friends that a user may open a direct conversation with or add to groups per day.',
  ),
  additionsPerStranger: integer(3, [1, most], 'Groups per day to which a user may add the same non-friend.'),
  newAccountHours: integer(24, [0, 8760], 'Age up to which an account counts as new, in hours.'),
  newAccountFriendRequestsPerDay: integer(100, [1, most], 'Friend requests of a new account per day.'),
  newAccountStrangersPerDay: integer(
    50,
    [1, most],
    'Non-friends that a new account may open a direct conversation with or add to groups per day.',
  ),
  refusalsPerMinute: integer(
    300,
    [1, most],
    'Refused mutations per user and minute; above it, every mutation of the user is rate-limited.',
  ),
  invitesPerHour: integer(60, [1, most], 'Group invites created per user and hour.'),
  joinRequestsPerHour: integer(30, [1, most], 'Groups joined or requested to join per user and hour.'),
  reportsPerHour: integer(60, [1, most], 'Messages reported per user and hour.'),
  verificationsPerHour: integer(5, [1, most], 'Codes to verify an address, per user and hour.'),
  verificationsPerAddressPerDay: integer(
    5,
    [1, most],
    'Codes to one e-mail address or phone number in a day.',
  ),
  verificationTextsPerCountryPerHour: integer(
    100,
    [1, most],
    'Codes by text message to the numbers of one country in an hour.',
  ),
  passwordResetsPerHour: integer(
    20,
    [1, most],
    'Codes for forgotten passwords that one address may request, and try, in an hour.',
  ),
  passwordResetsPerAccountPerDay: integer(
    5,
    [1, most],
    'Codes for a forgotten password of one account in a day.',
  ),
  testPushesPerHour: integer(60, [1, most], 'Test notifications per user and hour.'),
  uploadsPerMinute: integer(60, [1, most], 'Uploads started per user and minute.'),
}
