/** A word inside of a tsvector or a tsquery. */
export const quoted = (word: string) => `'${word.replace(/['\\]/g, '$&$&')}'`
