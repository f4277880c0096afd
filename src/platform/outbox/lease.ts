// A lease expires, and names its owner: the application_name of all connections of a process. A lease whose owner has no
// connection belongs to a process that has ended, and is free at once.

/** SQL: the name of the process that runs the statement. */
export const owner = `current_setting('application_name')`

/** SQL: the expiry of a lease that starts now. */
export const leaseEnd = (seconds: string) => `clock_timestamp() + ${seconds} * interval '1 second'`

/** SQL: whether the row may be leased. Connections are read only if the row is leased to another process. */
export const isFree = (row: string) => `(
  ${row}.due_at <= clock_timestamp()
  or ${row}.owner <> ${owner} and ${row}.owner <> all (array(
    select application_name from pg_stat_activity where application_name is not null)))`
