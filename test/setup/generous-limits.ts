/**
 * For a server that counts by itself, whatever the others of the run have in common: in their Redis, people of one name or
 * address would use up what those of another test may do.
 */
export const countsAlone = { REDIS_URL: '' }

/**
 * Everybody in a test is new here, comes from one address and acts as fast as a program can. Who tests a limit by rate
 * sets it.
 */
export const generousLimits = {
  LIMIT_SENDS_PER_SECOND: '1000000',
  LIMIT_SEND_BURST: '1000000',
  LIMIT_SAME_TEXT_CONVERSATIONS: '1000000',
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
  LIMIT_TEST_PUSHES_PER_HOUR: '1000000',
  LIMIT_UPLOADS_PER_MINUTE: '1000000',
}
