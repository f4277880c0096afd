/** The upload cannot be rendered; retries would fail, too. */
export class Unreadable extends Error {}
