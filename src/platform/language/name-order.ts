/** SQL: a name with the collation for lists of names, which suits all languages: Ángel before Zoe, 2 before 10. */
export const nameOrder = (name: string) => `(${name}) collate "name_order"`
