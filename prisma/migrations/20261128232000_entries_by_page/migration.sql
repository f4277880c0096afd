-- Entries after a number are found by the page of their number. The page changes with every 256th number, so most updates
-- of an entry change no indexed column and stay on its heap page (HOT). The lock of the stream keeps numbers unique.
ALTER TABLE "inbox_entry" ADD COLUMN "stream_page" INTEGER GENERATED ALWAYS AS ("stream_seq" / 256) STORED;

DROP INDEX "inbox_entry_user_id_stream_seq_key";

CREATE INDEX "inbox_entry_user_id_stream_page_idx" ON "inbox_entry"("user_id", "stream_page");
