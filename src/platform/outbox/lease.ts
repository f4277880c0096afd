// A lease names the process that holds it and ends by itself. Every connection of a process carries the process's name,
// so a lease whose owner has no connection left belongs to a process that has ended, and is free before it ends.

/** SQL: the name of the process that runs the statement. */
export const owner = `current_setting('application_name')`

/** SQL: the end of a lease that begins now. */
export const leaseEnd = (seconds: string) => `clock_timestamp() + ${seconds} * interval '1 second'`

/** SQL: whether the row may be leased. The connections are listed only if a row is leased to another process. */
export const isFree = (row: string) => `(
  ${row}.due_at <= clock_timestamp()
  or ${row}.owner <> ${owner} and ${row}.owner <> all (array(
    select application_name from pg_stat_activity where application_name is not null)))`
