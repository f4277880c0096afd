-- AlterTable
ALTER TABLE "former_member" ADD COLUMN     "left_by_choice" BOOLEAN NOT NULL DEFAULT false;
