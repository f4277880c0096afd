/** SQL: a name as names are sorted, in the order of every language at once: Ángel before Zoe, 2 before 10. */
export const nameOrder = (name: string) => `(${name}) collate "name_order"`
