/** SQL: the folded name of a user `u`. Until `foldNames` has written it, search matches letters that need no folding. */
export const foldedUserName = 'coalesce(u.folded_name, lower(u.display_name))'
