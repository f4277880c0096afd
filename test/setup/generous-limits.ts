/**
 * For a server that counts its limits in memory. In the Redis that servers of the run share, users with the same name or
 * address would use up the limits of another test.
 */
export const countsAlone = { REDIS_URL: '' }

/**
 * All users of a test are new, have one address and act as fast as a program can. A test of a rate limit
 * or timeout sets its value.
 */
export const generousLimits = {
  LIMIT_SENDS_PER_SECOND: '1000000',
  LIMIT_SEND_BURST: '1000000',
  LIMIT_SAME_TEXT_CONVERSATIONS: '1000000',
  LIMIT_SOCKET_MESSAGES_PER_SECOND: '1000000',
  LIMIT_SOCKET_MESSAGE_BURST: '1000000',
  LIMIT_LOGINS: '1000000',
  LIMIT_LOGINS_PER_ACCOUNT: '1000000',
  LIMIT_LOGINS_PER_DEVICE: '1000000',
  LIMIT_LOGINS_PER_ADDRESS: '1000000',
  LIMIT_REGISTRATIONS_PER_HOUR: '1000000',
  LIMIT_REGISTRATIONS_PER_HOUR_PER_DEVICE: '1000000',
  LIMIT_FRIEND_REQUESTS_PER_HOUR: '1000000',
  LIMIT_STRANGERS_PER_DAY: '1000000',
  LIMIT_ADDITIONS_PER_STRANGER: '1000000',
  LIMIT_NEW_ACCOUNT_FRIEND_REQUESTS_PER_DAY: '1000000',
  LIMIT_NEW_ACCOUNT_STRANGERS_PER_DAY: '1000000',
  LIMIT_REFUSALS_PER_MINUTE: '1000000',
  LIMIT_INVITES_PER_HOUR: '1000000',
  LIMIT_JOIN_REQUESTS_PER_HOUR: '1000000',
  LIMIT_REPORTS_PER_HOUR: '1000000',
  LIMIT_VERIFICATIONS_PER_HOUR: '1000000',
  LIMIT_TEST_PUSHES_PER_HOUR: '1000000',
  LIMIT_UPLOADS_PER_MINUTE: '1000000',
  // A pause of the machine ends the waits for locks that it meets, which is no fault of the request.
  LIMIT_LOCK_WAIT_MS: '30000',
  LIMIT_STATEMENT_MS: '30000',
}
