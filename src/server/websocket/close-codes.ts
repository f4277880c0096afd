/**
 * Why a WebSocket is closed. The stock client of graphql-ws reconnects after 1012, 1013, 4403, 4408 and 4490, and stops
 * after 1008, 4401 and 4409. It must stop after 1008: otherwise two tabs would take each other's place without end.
 */
export const closings = {
  restarting: [1012, 'Service restart'],
  overloaded: [1013, 'Try again later'],
  malformed: [4400, 'Malformed connection_init'],
  invalidMessage: [4400, 'Invalid message received'],
  notInitialised: [4401, 'Unauthorized'],
  sessionEnded: [4401, 'Session ended'],
  tokenExpired: [4403, 'Token expired'],
  otherProtocol: [4406, 'Subprotocol not acceptable'],
  initTimeout: [4408, 'Connection initialisation timeout'],
  signInTimeout: [4408, 'Sign-in timeout'],
  idInUse: [4409, 'Subscriber already exists'],
  initialisedTwice: [4429, 'Too many initialisation requests'],
  replacedByTab: [1008, 'Another tab of this session took the place'],
  tooSlow: [4490, 'Too slow'],
  unacknowledged: [4490, 'Not acknowledged'],
} as const satisfies Record<string, readonly [code: number, reason: string]>

export type Closing = (typeof closings)[keyof typeof closings]
