/** What somebody uploaded can never be rendered: trying again is of no use. */
export class Unreadable extends Error {}
