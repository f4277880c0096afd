-- CreateTable
CREATE TABLE "outbox_topic" (
    "name" TEXT NOT NULL,

    CONSTRAINT "outbox_topic_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "outbox_mark" (
    "topic" TEXT NOT NULL,
    "conversation_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "marked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_mark_pkey" PRIMARY KEY ("topic","conversation_id","version")
);

-- CreateTable
CREATE TABLE "search_progress" (
    "generation" TEXT NOT NULL,
    "conversation_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "leased_until" TIMESTAMPTZ(3),

    CONSTRAINT "search_progress_pkey" PRIMARY KEY ("generation","conversation_id")
);

-- CreateTable
CREATE TABLE "message_search" (
    "message_id" TEXT NOT NULL,
    "conversation_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "sender_id" TEXT NOT NULL,
    "kind" "message_kind" NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "words" tsvector NOT NULL,

    CONSTRAINT "message_search_pkey" PRIMARY KEY ("message_id")
);

-- CreateIndex
CREATE INDEX "message_search_conversation_id_seq_idx" ON "message_search"("conversation_id", "seq");

-- CreateIndex
CREATE INDEX "message_search_words_idx" ON "message_search" USING GIN ("words");

-- CreateIndex
CREATE INDEX "message_search_text_idx" ON "message_search" USING GIN ("text" gin_trgm_ops);

-- What Prisma cannot express follows.

-- Search is always there; others register when they are switched on.
INSERT INTO "outbox_topic" VALUES ('search');

-- A queue that is always nearly empty: its dead rows must go, or every look at it grows slower.
ALTER TABLE "outbox_mark"
SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0,
     autovacuum_vacuum_insert_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE "search_progress" SET (fillfactor = 70);
