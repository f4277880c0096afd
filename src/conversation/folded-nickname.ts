/** SQL: the folded nickname of a membership `m`, as names of users are folded; null without a nickname. */
export const foldedNickname = 'coalesce(m.folded_nickname, lower(m.nickname))'
