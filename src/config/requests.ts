import { forClients, integer } from './fields.ts'

/** Limits of requests and connections. */
export const requestLimits = {
  pageSize: forClients(integer(50, [1, 1000], 'Default page size.')),
  pageSizeMax: forClients(integer(100, [1, 1000], 'Maximum page size.')),
  queryLength: integer(15_000, [100, 1_000_000], 'Characters in a GraphQL document.'),
  queryDepth: forClients(integer(16, [3, 100], 'Depth of a GraphQL document.')),
  queryCost: forClients(
    integer(
      50_000,
      [100, 10_000_000],
      'Cost of a GraphQL operation: its fields, multiplied by the sizes of the lists that they are in.',
    ),
  ),
  aliases: integer(15, [0, 1000], 'Aliases in a GraphQL document.'),
  directives: integer(8, [0, 1000], 'Directives in a GraphQL document.'),
  bodyBytes: integer(262_144, [1024, 16_777_216], 'Size of an HTTP request, in bytes.'),
  requestReceiveMs: integer(
    15_000,
    [100, 300_000],
    'Time in which a request must arrive completely, in milliseconds; uploads have LIMIT_UPLOAD_SECONDS.',
  ),
  requestDeadlineMs: integer(
    10_000,
    [100, 300_000],
    'Time for a query or mutation, the look-up of its session included, in milliseconds.',
  ),
  lockWaitMs: integer(
    2000,
    [100, 60_000],
    'Time for which a statement waits for rows that another transaction locks, in milliseconds.',
  ),
  statementMs: integer(
    5000,
    [100, 300_000],
    'Time for one statement of the database, its waits for locks included, in milliseconds.',
  ),
  socketMessageBytes: integer(
    65_536,
    [1024, 16_777_216],
    'Size of a WebSocket message from a client, in bytes.',
  ),
  requestsInFlight: integer(
    1000,
    [1, 100_000],
    'Concurrent queries and mutations of one server; more are refused with UNAVAILABLE.',
  ),
  sockets: integer(
    15_000,
    [1, 1_000_000],
    'Open WebSockets and event streams of one server. An event stream counts as a WebSocket in the limits below, too.',
  ),
  compressedSockets: integer(
    1000,
    [0, 1_000_000],
    'Open WebSockets up to which a new one is compressed if its client asks for it (permessage-deflate).',
  ),
  operationsPerSocket: integer(50, [1, 10_000], 'Concurrent operations on one WebSocket.'),
  socketsPerDevice: integer(
    3,
    [1, 1000],
    'Open WebSockets of one session, on every platform but WEB and OTHER.',
  ),
  socketsPerBrowser: integer(
    10,
    [1, 1000],
    'Open WebSockets of one session on WEB or OTHER: about one per tab of a browser.',
  ),
  anonymousSocketsPerAddress: integer(
    100,
    [1, 1_000_000],
    'Open WebSockets of one address that have not signed in; one more closes the oldest.',
  ),
  anonymousSocketMs: integer(
    60_000,
    [1000, 86_400_000],
    'Time in which a WebSocket must sign in, in milliseconds.',
  ),
  socketMessagesPerSecond: integer(
    100,
    [1, 1_000_000],
    'Messages and pings read from one WebSocket per second on average; each 4 KiB of a message count as one more.',
  ),
  socketMessageBurst: integer(
    500,
    [1, 1_000_000],
    'Messages and pings read from one WebSocket at once after a pause.',
  ),
  pingMs: integer(
    12_000,
    [50, 300_000],
    'Interval of WebSocket pings, in milliseconds; two missed pongs close the connection.',
  ),
  stallMs: integer(
    20_000,
    [100, 300_000],
    'Time for which a WebSocket may accept no data before it is closed, in milliseconds.',
  ),
  closeSpreadMs: integer(
    5000,
    [0, 20_000],
    'Time over which WebSockets are closed at shutdown, in milliseconds.',
  ),
}
