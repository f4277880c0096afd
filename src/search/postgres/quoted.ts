/** Quotes a word for a tsvector or tsquery. */
export const quoted = (word: string) => `'${word.replace(/['\\]/g, '$&$&')}'`
