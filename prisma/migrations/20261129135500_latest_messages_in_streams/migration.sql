-- The entry of the messages that changed last is in the row of the stream, and moves to inbox_entry when the messages of
-- another conversation change.
ALTER TABLE "user_stream" ADD COLUMN "messages_of" TEXT,
ADD COLUMN "messages_seq" INTEGER,
ADD COLUMN "displaced_of" TEXT,
ADD COLUMN "displaced_seq" INTEGER;

ALTER TABLE "user_stream" DROP CONSTRAINT "user_stream_numbers";
ALTER TABLE "user_stream" ADD CONSTRAINT "user_stream_numbers"
    CHECK ("seq" >= 0 AND "messages_seq" >= 1 AND "messages_seq" <= "seq");

-- Other names, so that every statement of an earlier version on entries fails: it would not find the one in user_stream.
ALTER TABLE "inbox_entry" RENAME COLUMN "stream_seq" TO "seq";
ALTER TABLE "inbox_entry" RENAME COLUMN "removed_stream_seq" TO "removed_seq";
