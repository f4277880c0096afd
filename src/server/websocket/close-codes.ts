/**
 * Why a WebSocket is closed. The stock client of graphql-ws reconnects after 1012, 1013, 4403, 4408 and 4490, and gives
 * up after 4401 and 4409.
 */
export const closings = {
  restarting: [1012, 'Service restart'],
  overloaded: [1013, 'Try again later'],
  malformed: [4400, 'Malformed connection_init'],
  sessionEnded: [4401, 'Session ended'],
  tokenExpired: [4403, 'Token expired'],
  initTimeout: [4408, 'Connection initialisation timeout'],
  signInTimeout: [4408, 'Sign-in timeout'],
  tooManyOfDevice: [4409, 'Too many connections of this device'],
  tooSlow: [4490, 'Too slow'],
  unacknowledged: [4490, 'Not acknowledged'],
} as const satisfies Record<string, readonly [code: number, reason: string]>

export type Closing = (typeof closings)[keyof typeof closings]
