-- CreateTable
CREATE UNLOGGED TABLE "trace_cause" (
    "conversation_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "traceparent" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "trace_cause_pkey" PRIMARY KEY ("conversation_id")
);
