/** What every test of search runs on. */
export const backEnds = [{ name: 'PostgreSQL', env: {} }]
