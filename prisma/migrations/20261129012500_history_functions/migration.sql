-- The current history, which it begins if this start of PostgreSQL has none. Numbers of streams require one. Call it before
-- streams are locked: it waits for a concurrent transaction that begins the same history.
CREATE FUNCTION "present_history"(OUT "ordinal" INTEGER, OUT "id" TEXT) LANGUAGE plpgsql AS $$
BEGIN
  FOR attempt IN 1..2 LOOP
    SELECT h.ordinal, h.id INTO ordinal, id FROM history h
    WHERE h.postmaster_start = pg_postmaster_start_time() AND h.table_oid = 'history'::regclass::oid::bigint
      AND h.database_oid = (SELECT d.oid::bigint FROM pg_database d WHERE d.datname = current_database());
    IF FOUND THEN RETURN; END IF;
    INSERT INTO history (id, postmaster_start, database_oid, table_oid, first_tick)
    SELECT replace(gen_random_uuid()::text, '-', ''), pg_postmaster_start_time(), d.oid::bigint,
           'history'::regclass::oid::bigint, c.tick
    FROM pg_database d CROSS JOIN delivery_clock c WHERE d.datname = current_database()
    ON CONFLICT DO NOTHING;
  END LOOP;
  RAISE EXCEPTION 'the history of the database could not be created';
END $$;

-- The first number of a stream in a history records the last one before it.
CREATE FUNCTION "start_stream"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO stream_start (user_id, history, seq) VALUES (new.user_id, new.history, old.seq) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER "user_stream_start" AFTER UPDATE ON "user_stream" FOR EACH ROW
WHEN (new.history <> old.history) EXECUTE FUNCTION "start_stream"();
