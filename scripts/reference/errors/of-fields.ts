import type { ErrorPages } from './page.ts'

/** Codes that fields declare with `@errors`. */
export const fieldErrors = {
  BAD_CREDENTIALS: {
    when: 'The handle, password, code or refresh token is wrong. Which of handle and password it is stays secret.',
    client: 'Ask for it again. For `refreshSession`: sign in again.',
    retry: 'With other credentials only; wrong ones are counted and become [RATE_LIMITED](RATE_LIMITED.md).',
    extensions: [],
    example: { message: 'Incorrect handle or password.', path: ['login'] },
  },
  TOKEN_REUSED: {
    when: 'A refresh token was used a second time, long after the first. The session was ended, since the token may have been stolen.',
    client: 'Sign in again. Keep one refresh per device at a time, and store the new token before using it.',
    retry: 'No.',
    extensions: [],
    example: { message: 'This refresh token was used before; sign in again.', path: ['refreshSession'] },
  },
  FORBIDDEN: {
    when: 'The viewer sees the object but may not do this with it: the role in the group is too low, the message is of another user, or the server does not offer it.',
    client:
      'Hide the action; refetch the object, whose role or policy may have changed. `userIds` names the users that may not be added, `issues` the parts of a forward.',
    retry: 'No.',
    extensions: ['userIds', 'issues'],
    example: { message: 'Only the owner and admins of the group may do this.', path: ['updateGroup'] },
  },
  NOT_FOUND: {
    when: 'The object does not exist, was deleted, or is out of the viewer’s sight. The answer is the same for all three.',
    client: 'Remove the object from the cache.',
    retry: 'No.',
    extensions: ['userIds', 'issues'],
    example: {
      message: 'Some of these users were not found.',
      path: ['createGroup'],
      extensions: { userIds: ['01M8JT8XRS4CVAWJ3FM8ZSZXYV'] },
    },
  },
  CONFLICT: {
    when: 'The operation contradicts the current state: the handle is taken, the idempotency key was used for other input, the message was recalled, or another device was faster. With `resync`, the cursor is not of this history of the server.',
    client:
      'Refetch the object and decide again. With `resync`: drop all local state and call `sync` without a cursor.',
    retry: 'No.',
    extensions: ['issues', 'resync'],
    example: {
      message: 'The handle is taken or too similar to an existing handle.',
      path: ['register'],
      extensions: {
        issues: [{ path: 'input.handle', message: 'is taken or too similar to an existing handle' }],
      },
    },
  },
  TOO_LATE: {
    when: 'The time in which a message can be edited or recalled is over; `limit` is that time in seconds. For `verifyContact` the code has expired.',
    client: 'Hide the action, or request a new code.',
    retry: 'No.',
    extensions: ['limit'],
    example: {
      message: 'A message can be recalled for 120 seconds.',
      path: ['recallMessage'],
      extensions: { limit: 120 },
    },
  },
  BLOCKED: {
    when: 'The viewer blocks the user. `userIds` names the blocked ones of several users.',
    client: 'Offer to unblock the user.',
    retry: 'After `unblockUser`.',
    extensions: ['userIds', 'issues'],
    example: {
      message: 'You have blocked this user; unblock them first.',
      path: ['sendMessage'],
    },
  },
  NOT_FRIENDS: {
    when: 'The server allows this between friends only. A user who blocks the viewer gives the same error.',
    client: 'Offer a friend request.',
    retry: 'After the request was accepted.',
    extensions: ['userIds', 'issues'],
    example: { message: 'Only friends may write to each other on this server.', path: ['sendMessage'] },
  },
  MUTED: {
    when: 'The viewer, or everyone but the owner and admins, is muted in the group. `until` is absent if the group is muted.',
    client:
      'Disable the composer until `mutedAll` of the group or `mutedUntil` of the membership has changed.',
    retry: 'After `until`.',
    extensions: ['until', 'issues'],
    example: {
      message: 'You are muted in this group; wait until the given time.',
      path: ['sendMessage'],
      extensions: { until: '2026-12-24T18:00:00.000Z' },
    },
  },
  LIMIT_EXCEEDED: {
    when: 'A number or size would exceed a limit of the server, such as the members of a group.',
    client: 'Read `serverInfo.limits` and prevent it in the form.',
    retry: 'With less, or after something was removed.',
    extensions: ['limit'],
    example: {
      message: 'A group can have at most 6 members.',
      path: ['createGroup'],
      extensions: { limit: 6 },
    },
  },
  SEARCH_UNAVAILABLE: {
    when: 'The search service is unreachable or too slow. Everything else works.',
    client: 'Say so at the search field; `serverInfo.degraded` contains SEARCH meanwhile.',
    retry: 'Yes, with a growing pause.',
    extensions: [],
    example: { message: 'Search is unavailable; retry later.', path: ['searchMessages'] },
  },
} satisfies ErrorPages
