export const errorWords = {
  errors: {
    NETWORK: 'The server cannot be reached. Check the connection.',
    BAD_CREDENTIALS: 'Incorrect handle or password.',
    CONFLICT: 'This is taken or was changed elsewhere.',
    FORBIDDEN: 'You may not do this.',
    BLOCKED: 'This person does not receive your messages.',
    NOT_FRIENDS: 'Only friends can write to each other.',
    MUTED: 'You are muted in this group.',
    RATE_LIMITED: 'Too many attempts. Wait a moment and try again.',
    TOO_LATE: 'It is too late for that.',
    LIMIT_EXCEEDED: 'The limit is reached.',
    NOT_FOUND: 'Not found.',
    SUSPENDED: 'This account is suspended.',
    UNAVAILABLE: 'The server is busy. Try again soon.',
    FILE_LOST: 'The file was lost in a reload. Attach it again.',
  } as Readonly<Record<string, string>>,
}
